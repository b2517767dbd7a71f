from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.batch.discovery.identity import decode_name, name_key, plain_key, safe_id, shown


@pytest.mark.parametrize(
    "name", ["ada", "Ada Lovelace_123", "王小明", "20230001", "ada@example.edu", "José", "o'hara"]
)
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert safe_id(name) == name


@pytest.mark.parametrize(
    ("raw", "student"),
    [
        ("../../etc/passwd", "_._.._etc_passwd"),
        ("-rf", "_rf"),
        (".hidden", "_hidden"),
        ("~root", "_root"),
        ("a/b\\c:d", "a_b_c_d"),
        ("ada\u202egpj", "ada_gpj"),
        ("ada\x00\n\x1b[0m", "ada___[0m"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("  ada . ", "ada"),
        ("Jose\u0301", "José"),
        ("a\u3000 b", "a b"),
    ],
)
def test_what_a_system_would_trip_over_is_replaced(raw: str, student: str) -> None:
    assert safe_id(raw) == student


@pytest.mark.parametrize("raw", ["", ".", "..", "---", "   ", "\u202e", "//", "\ud800"])
def test_what_names_nobody_is_no_id(raw: str) -> None:
    assert safe_id(raw) is None


def test_long_names_stay_apart() -> None:
    first, second = safe_id("a" * 500), safe_id("a" * 501)
    assert first != second
    assert first is not None
    assert len(first) == 100


@given(st.text(min_size=1, max_size=200) | st.text("王😀é\u0301.- _~", max_size=200))
def test_an_id_is_one_folder_on_every_system(raw: str) -> None:
    student = safe_id(raw)
    if student is None:
        return
    assert len(student) <= 100
    assert len(student.encode()) <= 240
    assert student == unicodedata.normalize("NFC", student)
    assert student[0] not in ".-~ "
    assert student[-1] not in ". "
    assert student.isprintable()
    assert not set(student) & set('<>:"/\\|?*')
    assert Path(student).parts == (student,)
    assert safe_id(student) == student


@given(st.text(max_size=30))
def test_keys_of_a_key_are_the_key(value: str) -> None:
    assert plain_key(plain_key(value)) == plain_key(value)
    assert name_key(name_key(value)) == name_key(value)


@given(st.binary(max_size=60))
def test_any_bytes_are_decoded(raw: bytes) -> None:
    assert isinstance(decode_name(raw), str)


@given(st.text(max_size=400))
def test_what_is_shown_is_one_visible_line(text: str) -> None:
    assert len(shown(text)) <= 300
    assert "\n" not in shown(text)
    assert not {unicodedata.category(c) for c in shown(text)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
