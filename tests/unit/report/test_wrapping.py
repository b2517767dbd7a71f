from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from grader.report.wrapping import wrap

MIXED = st.text(alphabet='ab c，。（中文）…"x1`', max_size=80)


@given(MIXED, st.integers(2, 30))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width).split("\n")
    assert max(map(cell_len, lines)) <= width
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


def test_chinese_breaks_between_characters_but_not_before_a_comma() -> None:
    assert wrap("卷积核为三，且没有填充", 10) == "卷积核为\n三，且没有\n填充"


def test_words_stay_whole_and_breaks_of_the_text_stay() -> None:
    assert wrap("one two three\nfour", 8) == "one two\nthree\nfour"


def test_what_fits_no_line_is_cut() -> None:
    assert wrap("a" * 25, 10) == "a" * 10 + "\n" + "a" * 10 + "\n" + "a" * 5
