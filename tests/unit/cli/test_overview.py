"""`grade` alone, and what a grading leaves for it to say; nothing is really graded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from doubling import ANSWER, all_marks, remember
from rich.cells import cell_len

from grader.course.catalog import Course
from grader.language import Text
from grader.progress.model import Finding
from grader.progress.store import read_progress

Grade = Callable[..., Any]


def test_grade_alone_begins_with_the_first_exercise(grade: Grade, script: Path) -> None:
    ended = grade()
    assert ended.code == 0
    assert "0 of 1 exercises done, 0 points" in ended.out
    assert f"Next: ex01  Doubling\n  your file: {script}\n" in ended.out
    assert ended.out.index("grade show ex01") < ended.out.index("grade ex01"), "read before it"
    assert "grade hint ex01: a hint" in ended.out
    assert "接下来：ex01  加倍" in grade("--lang", "zh").out


def test_a_grading_is_remembered_with_what_to_look_at(
    grade: Grade, graded: Any, script: Path, small_course: Course
) -> None:
    graded.passed = ("double_one", "facts[two]")
    grade("ex01")

    known = read_progress(small_course).progress.of("ex01")
    assert (known.best, known.last, known.max_score) == (60, 60, 100)
    assert known.tasks == {"double": (20, 60), "facts": (40, 40)}
    out = grade().out
    assert "– double 20/60   ✓ facts 40/40" in out
    assert "Look at this first: Double a tensor\n    double_many works\n" in out

    graded.passed = ("facts[two]",)
    grade("ex01")
    assert "· double 0/60" in grade().out, "not begun looks otherwise than begun"

    graded.passed = ()
    grade("ex01")
    known = read_progress(small_course).progress.of("ex01")
    assert (known.best, known.last) == (60, 0), "the best score stays"


def test_another_file_and_a_fault_of_ours_are_not_remembered(
    grade: Grade, graded: Any, script: Path, small_course: Course, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "mine.py"
    elsewhere.write_text(ANSWER, encoding="utf-8")
    grade("ex01", "--file", elsewhere)
    graded.status = "grader_fault"
    grade("ex01")
    assert not read_progress(small_course).progress.exercises
    graded.status = "graded"
    grade("ex01", "--file", script)
    assert read_progress(small_course).progress.of("ex01").best == 100


def test_after_full_marks_grade_alone_congratulates(
    grade: Grade, script: Path, small_course: Course
) -> None:
    all_marks(small_course)
    assert "All exercises are done" in grade().out
    assert "✓ ex01  Doubling" in grade("list").out


def test_a_state_that_is_damaged_is_said_and_the_grading_goes_on(
    grade: Grade, graded: Any, script: Path, small_course: Course
) -> None:
    state = small_course.root / ".grade" / "state.json"
    state.parent.mkdir()
    state.write_text("{", encoding="utf-8")
    ended = grade("ex01")
    assert ended.code == 0
    assert "progress is damaged and begins anew" in ended.err
    assert read_progress(small_course).progress.of("ex01").best == 100


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_screen_is_never_too_wide_and_obeys_nothing(
    grade: Grade, script: Path, small_course: Course, language: str
) -> None:
    hostile = "\x1b[2J\x1b]0;title\x07" + "宽字符和 narrow letters " * 30
    text = Text(hostile, hostile)
    remember(
        small_course,
        best=1,
        max_score=100,
        graded_at="2026-01-02",
        file="ex01_doubling.py\x1b[31m",
        next=Finding(title=text, message=text, hint=text, file="a\x1b[1m.py", line=3),
    )
    ended = grade("--lang", language)
    assert "\x1b" not in ended.out
    lines = [line for line in ended.out.splitlines() if str(script.parent) not in line]
    assert max(map(cell_len, lines)) <= 80
    assert len(lines) <= 23
