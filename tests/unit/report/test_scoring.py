from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.models import Check, Exercise, Limits, Task
from grader.errors import SuiteError
from grader.language import Text
from grader.report.examination import CheckResult, Outcome
from grader.report.scoring import score_tasks, total_score

TITLE = Text("title", "标题")
OUTCOMES: tuple[Outcome, ...] = (
    "passed", "failed", "error", "timeout", "crashed", "memory", "forbidden", "not_run",
)  # fmt: skip


def make_exercise(points: list[list[float]]) -> Exercise:
    """Make an exercise whose tasks have checks with these points."""
    tasks = tuple(
        Task(f"t{number}", TITLE, math.fsum(parts), ("name",))
        for number, parts in enumerate(points)
    )
    checks = tuple(
        Check(f"t{number}c{index}", f"t{number}", worth, "hidden", TITLE, TITLE)
        for number, parts in enumerate(points)
        for index, worth in enumerate(parts)
    )
    nowhere = Path()
    return Exercise(
        "ex01", "x", TITLE, tasks, Limits(), (), (), {}, checks, nowhere, nowhere, nowhere
    )  # fmt: skip


POINTS = st.lists(
    st.lists(st.floats(0.01, 50).map(lambda value: value / 3 + 0.01), min_size=1, max_size=6),
    min_size=1,
    max_size=5,
)


@given(POINTS)
def test_all_passed_is_exactly_the_maximum(points: list[list[float]]) -> None:
    exercise = make_exercise(points)
    tasks = score_tasks(exercise, [CheckResult(check.id, "passed") for check in exercise.checks])
    assert [task.score for task in tasks] == [task.points for task in exercise.tasks]
    assert total_score(tasks) == math.fsum(task.points for task in exercise.tasks)


@given(POINTS, st.data())
@settings(deadline=None)
def test_scores_are_finite_never_negative_and_full_only_if_all_passed(
    points: list[list[float]], data: st.DataObject
) -> None:
    exercise = make_exercise(points)
    outcomes = {check.id: data.draw(st.sampled_from(OUTCOMES)) for check in exercise.checks}
    results = [CheckResult(check_id, outcome) for check_id, outcome in outcomes.items()]
    tasks = score_tasks(exercise, results)
    for task in tasks:
        assert 0 <= task.score <= task.max_score
        passed = [check.outcome == "passed" for check in task.checks]
        assert (task.score == task.max_score) == all(passed)
        assert any(passed) or task.score == 0
    assert math.isfinite(total_score(tasks))
    assert 0 <= total_score(tasks) <= math.fsum(task.max_score for task in tasks)


def test_a_check_without_a_result_was_not_run_and_scores_nothing() -> None:
    exercise = make_exercise([[10.0, 5.0]])
    (task,) = score_tasks(exercise, [CheckResult("t0c0", "passed")])
    assert [check.outcome for check in task.checks] == ["passed", "not_run"]
    assert task.score == 10


@pytest.mark.parametrize(
    "results",
    [
        [CheckResult("t0c0", "failed"), CheckResult("t0c0", "passed")],
        [CheckResult("invented", "passed")],
    ],
)
def test_results_that_are_not_pinned_once_are_a_fault_of_the_suite(
    results: list[CheckResult],
) -> None:
    with pytest.raises(SuiteError):
        score_tasks(make_exercise([[1.0]]), results)


def test_a_check_without_points_costs_nothing() -> None:
    exercise = make_exercise([[10.0, 0.0]])
    (task,) = score_tasks(exercise, [CheckResult("t0c0", "passed")])
    assert task.score == task.max_score == 10


def test_a_hint_that_fits_the_finding_takes_the_place_of_the_checks_own() -> None:
    exercise = make_exercise([[1.0, 1.0, 1.0]])
    fitting = Text("fits", "合适")
    results = [
        CheckResult("t0c0", "failed", hint=fitting),
        CheckResult("t0c1", "failed"),
        CheckResult("t0c2", "passed"),
    ]
    (task,) = score_tasks(exercise, results)
    assert [check.hint for check in task.checks] == [fitting, TITLE, None]
