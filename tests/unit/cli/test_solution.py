"""`grade solution`: after full marks, or when one gives up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from doubling import all_marks

from grader.course.catalog import Course
from grader.progress.store import read_progress

Grade = Callable[..., Any]


def test_the_solution_waits_for_full_marks(
    grade: Grade, script: Path, small_course: Course
) -> None:
    refused = grade("solution", "ex01")
    assert (refused.code, refused.out) == (2, "")
    assert "--give-up" in refused.err
    all_marks(small_course)
    ended = grade("solution", "ex01")
    assert ended.code == 0
    assert "return 2 * x" in ended.out
    assert "###" not in ended.out


def test_giving_up_is_possible_and_remembered(
    grade: Grade, script: Path, small_course: Course
) -> None:
    assert "return 2 * x" in grade("solution", "ex01", "--give-up").out
    assert read_progress(small_course).progress.of("ex01").gave_up


def test_a_solution_that_is_no_utf_8_is_told(
    grade: Grade, script: Path, small_course: Course
) -> None:
    solution = small_course.solutions / "ex01_doubling" / "ex01_doubling.py"
    solution.write_bytes("# 加倍".encode("gbk"))
    ended = grade("solution", "ex01", "--give-up")
    assert ended.code == 4
    assert f"the solution {solution} cannot be read: 'utf-8' codec" in ended.err


def test_a_course_without_solutions_says_so(grade: Grade, without_solutions: Path) -> None:
    ended = grade("solution", "ex01", "--give-up")
    assert ended.code == 2
    assert "comes without the solution" in ended.err
