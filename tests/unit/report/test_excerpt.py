from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from grader.report.examination import Where
from grader.report.excerpt import Excerpt, excerpt_of


def cut(source: str, column: int | None, end: int | None = None, width: int = 40) -> Excerpt:
    excerpt = excerpt_of(Where("a.py", None, 7, source, column, end), width)
    assert excerpt is not None
    return excerpt


def test_carets_stand_beneath_what_is_meant() -> None:
    excerpt = cut("    return x[:3]", 12, 17)
    assert excerpt.text == "    return x[:3]"
    assert excerpt.carets == " " * 11 + "^" * 5


def test_a_chinese_character_takes_two_columns() -> None:
    excerpt = cut("错 = 对）", 5, 7)
    assert excerpt.marked == "对）"
    assert excerpt.carets == "     ^^^^"


def test_what_is_missing_at_the_end_is_marked_behind_it() -> None:
    assert cut("class Net(nn.Module)", 21).carets == " " * 20 + "^"


def test_a_line_without_a_column_has_no_carets() -> None:
    excerpt = cut("x = 1", None)
    assert (excerpt.text, excerpt.carets) == ("x = 1", "")


def test_a_place_without_a_line_gives_nothing() -> None:
    assert excerpt_of(None, 40) is None
    assert excerpt_of(Where("a.py", None, 7), 40) is None


def test_nothing_in_a_line_is_obeyed() -> None:
    excerpt = cut("x = '\x1b[2J\u202e'  # 1", 1, 2)
    assert excerpt.text == "x = ''  # 1"


@given(st.text(max_size=300), st.integers(1, 310), st.integers(1, 320), st.integers(30, 90))
def test_no_excerpt_is_wider_than_asked_for(source: str, column: int, end: int, width: int) -> None:
    source = source.replace("\n", " ").replace("\r", " ")
    column = min(column, len(source) + 1)
    excerpt = cut(source, column, end if end > column else None, width)
    assert cell_len(excerpt.text) <= width
    assert cell_len(excerpt.carets) <= width
    assert "\n" not in excerpt.text
