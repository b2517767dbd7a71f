"""Visible checks alone, as students have them: no solution, no hidden check."""

from __future__ import annotations

import pytest
from grading import MiniCourse, all_checks

from grader.course.catalog import find_course, load_exercise
from grader.course.lock import LOCK_NAME, encode_lock


@pytest.fixture
def kit(mini: MiniCourse) -> MiniCourse:
    """Make a kit of the miniature course."""
    exercise = load_exercise(find_course(mini.root), "ex90")
    withheld: dict[str, float] = {}
    for check in exercise.checks:
        if check.visibility != "visible":
            withheld[check.task] = withheld.get(check.task, 0.0) + check.points
    visible = [check for check in exercise.checks if check.visibility == "visible"]
    (mini.suite / LOCK_NAME).write_bytes(encode_lock(visible, withheld))
    (mini.suite / "test_hidden.py").unlink()
    answer = mini.solution.rename(mini.root / mini.solution.name)
    mini.solution = answer
    return mini


def test_visible_checks_grade_without_a_solution(kit: MiniCourse) -> None:
    report = kit.grade(kit.root / "ex90_mini.py")
    assert report.fault is None
    assert report.score == report.max_score
    assert report.max_score is not None
    assert report.max_score + report.withheld_points == 100
    assert {check.visibility for task in report.tasks for check in task.checks} == {"visible"}


def test_an_answer_that_breaks_a_check_is_no_fault_of_the_course(kit: MiniCourse) -> None:
    kit.edit(
        "test_visible.py",
        "assert_close(student.double(x), 2 * x",
        "assert_close(student.double(x) / 2, x",
    )
    answer = kit.root / "ex90_mini.py"
    assert kit.grade(answer).score == kit.grade(answer).max_score
    answer.write_text("def double(x):\n    return 'twice'\n", encoding="utf-8")
    report = kit.grade(answer)
    assert report.fault is None
    check = all_checks(report)[0]
    assert check.outcome not in ("passed", "not_run")
    assert check.message is not None


def test_a_visible_check_that_needs_the_solution_is_refused(mini: MiniCourse) -> None:
    mini.edit("test_visible.py", "(student", "(reference, student")
    report = mini.grade()
    assert report.fault_of == "course"
    assert report.fault is not None
    assert "uses `reference`, which students do not have" in report.fault.en
