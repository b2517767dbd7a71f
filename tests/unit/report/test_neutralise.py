from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report.neutralise import for_spreadsheet, for_terminal

ESCAPING = st.text(
    st.sampled_from("\x1b\x9b\x9d\x90\x9c\x07[]P_^X\\0;?31mKHJ \r\n\tab\u202e\u2066\ufeff\ud800中")
)


@given(st.one_of(ESCAPING, st.text()))
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    left = for_terminal(text)
    for letter in left:
        assert letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs")
        assert unicodedata.bidirectional(letter) not in (
            "LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI",
        )  # fmt: skip
    left.encode()


@given(st.one_of(ESCAPING, st.text()))
def test_doing_it_twice_changes_nothing(text: str) -> None:
    assert for_terminal(for_terminal(text)) == for_terminal(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_ordinary_text_in_any_language_stays_as_it_is(text: str) -> None:
    assert for_terminal(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[1;1HALL PASSED", "ALL PASSED"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]52;c;aGk=\x1b\\text", "text"),
        ("\x1b]8;;http://x.y\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never ended\nnext line", "\nnext line"),
        ("\x1bPq#0;2\x1b\\text", "text"),
        ("\x1b(0text\x1b=", "text"),
        ("failed\rPASSED", "failed\nPASSED"),
        ("one\r\ntwo", "one\ntwo"),
        ("a\u2028b\x0cc", "a\nb\nc"),
        ("abc\u202edef", "abcdef"),
        ("a\x08\x08b\x00\x7f", "ab"),
        ("\ud800", "\ufffd"),
        ("\x1b", ""),
    ],
)
def test_whole_sequences_go_and_hidden_text_comes_to_light(text: str, left: str) -> None:
    assert for_terminal(text) == left


FORMULAS = st.text(st.sampled_from("=+-@＝＋－＠﹣−'\t\r\n \u200b\ufeffa1"))


@given(st.one_of(FORMULAS, st.text()))
def test_no_cell_begins_with_what_a_spreadsheet_computes(text: str) -> None:
    cell = for_spreadsheet(text)
    shown = "".join(
        letter for letter in cell if unicodedata.category(letter) not in ("Cc", "Cf", "Zs")
    )
    assert unicodedata.normalize("NFKC", shown)[:1] not in ("=", "+", "-", "@", "\u2212")
    assert cell[:1] not in ("\t", "\r", "\n")
    assert cell in (text, f"'{text}")


@given(FORMULAS, FORMULAS)
def test_two_cells_that_differ_still_do(one: str, other: str) -> None:
    assert (for_spreadsheet(one) == for_spreadsheet(other)) == (one == other)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("\tx", "'\tx"),
        ("'=1", "''=1"),
        ("-5", "'-5"),
        ("ada-lovelace", "ada-lovelace"),
        ("O'Hara", "O'Hara"),
        ("'quoted'", "'quoted'"),
        ("王小明", "王小明"),
        ("", ""),
    ],
)
def test_text_that_is_no_formula_stays_as_it_is(text: str, cell: str) -> None:
    assert for_spreadsheet(text) == cell
