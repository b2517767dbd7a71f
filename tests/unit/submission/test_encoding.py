from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.submission.encoding import decode_source

PATH = Path("ex03_conv_layer.py")
CODE = '# 卷积\nX = "中文"\n'


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (CODE.encode(), None),
        (CODE.encode("utf-8-sig"), None),
        (CODE.encode("gb18030"), "GB18030"),
        (CODE.encode("gbk"), "GB18030"),
        (b"\xff\xfe" + CODE.encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + CODE.encode("utf-16-be"), "UTF-16"),
        (CODE.encode("utf-32"), "UTF-32"),
    ],
)
def test_every_encoding_gives_the_same_text(data: bytes, note: str | None) -> None:
    decoded = decode_source(data, PATH)
    assert decoded.text == CODE
    assert [text.en.split(".")[0] for text in decoded.notes] == (
        [f"The file was read as {note}"] if note else []
    )


@pytest.mark.parametrize("name", ["gbk", "big5", "latin-1", "cp1252"])
def test_a_coding_line_counts(name: str) -> None:
    text = f"#!/usr/bin/env python\n# -*- coding: {name} -*-\nx = 1  # "
    text += "中" if name in ("gbk", "big5") else "é"
    assert decode_source(text.encode(name), PATH) == (text, ())


@pytest.mark.parametrize("name", ["klingon", "zlib", "rot13", "hex", "undefined", "ascii"])
def test_a_coding_line_that_cannot_be_meant_is_passed_over(name: str) -> None:
    text = f"# coding: {name}\nx = '中'\n"
    assert decode_source(text.encode(), PATH).text == text


def test_a_coding_line_after_code_does_not_count() -> None:
    text = "x = 1\n# coding: latin-1\ny = '中'\n"
    assert decode_source(text.encode(), PATH).text == text


def test_a_coding_line_does_not_count_in_a_notebook() -> None:
    assert decode_source("# coding: latin-1\né".encode(), PATH, has_cookie=False).text[-1] == "é"


def test_every_line_ends_with_a_line_feed() -> None:
    assert decode_source(b"a\r\nb\rc\n\r\n\x1a", PATH).text == "a\nb\nc\n\n"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"PK\x03\x04\x14\0\0\0\x08\0",
        b"x = 1\0",
        b"\x80\x81\x82\xff\xff\xff",
        "x = 1".encode("utf-16-le"),
        b"\xff\xfe\x00",
        bytes(range(1, 32)) * 10,
    ],
)
def test_what_is_no_text_is_refused_in_both_languages(data: bytes) -> None:
    with pytest.raises(SubmissionError) as info:
        decode_source(data, PATH)
    assert PATH.name in info.value.message.en
    assert PATH.name in info.value.message.zh
    assert info.value.hint is not None


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        decoded = decode_source(data, PATH)
    except SubmissionError:
        return
    assert "\r" not in decoded.text
    decoded.text.encode()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf8_is_read_as_it_is(text: str) -> None:
    if not text.startswith("\ufeff") and "coding" not in text:
        assert decode_source(text.encode(), PATH) == (text, ())
