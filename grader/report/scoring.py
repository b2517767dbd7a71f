"""From outcomes to points. Pure: no clock, no file, no chance.

A check scores its points if it was passed and nothing otherwise, so what is missing, skipped,
crashed or not finite scores nothing. No score is negative, and none is above its maximum.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from grader.course.dependencies import find_roots
from grader.course.models import Check, Exercise, Task
from grader.errors import SuiteError
from grader.language import Text
from grader.report.examination import CheckResult
from grader.report.model import CheckReport, Present, TaskReport

__all__ = ["score_present", "score_tasks", "total_score"]

_DIGITS: Final = 2


def score_tasks(exercise: Exercise, results: Iterable[CheckResult]) -> tuple[TaskReport, ...]:
    """Score every task of an exercise.

    Args:
        exercise: What is asked, with the pinned checks.
        results: What the examiner found. A pinned check that is missing here was not run.

    Raises:
        SuiteError: A check has two results, or a result belongs to no pinned check.
    """
    by_id = _by_id(exercise.checks, results)
    blocked = _blocked(exercise.checks, by_id)
    return tuple(_score_task(task, exercise, by_id, blocked) for task in exercise.tasks)


def total_score(tasks: Sequence[TaskReport]) -> float:
    """Add up tasks: exactly the sum of their maxima where all are full."""
    return _sum_up(tasks, math.fsum(task.max_score for task in tasks))


def score_present(tasks: Sequence[TaskReport]) -> Present:
    """Add up what a script holds: the checks that were run."""
    run = [check for task in tasks for check in task.checks if check.outcome != "not_run"]
    maximum = round(math.fsum(check.max_score for check in run), _DIGITS)
    everything = math.fsum(task.max_score for task in tasks)
    return Present(
        score=_sum_up(run, maximum),
        max_score=maximum,
        to_do=round(everything - maximum, _DIGITS),
    )


def _by_id(checks: Sequence[Check], results: Iterable[CheckResult]) -> dict[str, CheckResult]:
    pinned = {check.id for check in checks}
    by_id: dict[str, CheckResult] = {}
    for result in results:
        if result.id in by_id or result.id not in pinned:
            raise SuiteError(
                Text(
                    en=f"the result of {result.id} came twice, or without a pinned check",
                    zh=f"{result.id} 的结果重复出现，或没有对应的检查项",
                ),
                hint=Text(
                    en="The author of the suite should run `grade lock`.",
                    zh="请测试套件的作者运行 `grade lock`。",
                ),
            )
        by_id[result.id] = result
    return by_id


def _blocked(
    checks: Sequence[Check], results: Mapping[str, CheckResult]
) -> dict[str, tuple[str, ...]]:
    """Say for each check that was not passed which of those that it needs have to be first."""
    # What was not run says nothing about the rest: a script may lack an example of the text's.
    failed = [
        check.id
        for check in checks
        if check.id in results and results[check.id].outcome not in ("passed", "not_run")
    ]
    needs = {check.id: check.needs for check in checks}
    return {check_id: find_roots(check_id, needs, failed) for check_id in failed}


def _score_task(
    task: Task,
    exercise: Exercise,
    results: Mapping[str, CheckResult],
    blocked: Mapping[str, tuple[str, ...]],
) -> TaskReport:
    reports = tuple(
        _score_check(check, results.get(check.id), blocked.get(check.id, ()))
        for check in exercise.checks
        if check.task == task.id
    )
    maximum = exercise.max_score_of(task)
    return TaskReport(
        id=task.id,
        title=task.title,
        score=_sum_up(reports, maximum),
        max_score=maximum,
        checks=reports,
        withheld_points=round(exercise.withheld.get(task.id, 0.0), 2),
    )


def _score_check(
    check: Check, result: CheckResult | None, blocked_by: tuple[str, ...]
) -> CheckReport:
    found = result or CheckResult(check.id, "not_run")
    return CheckReport(
        id=check.id,
        title=check.title,
        outcome=found.outcome,
        score=check.points if found.outcome == "passed" else 0.0,
        max_score=check.points,
        visibility=check.visibility,
        message=found.message,
        hint=found.hint or (None if _needs_no_hint(found) else check.hint),
        misconception=found.misconception,
        where=found.where,
        duration_s=round(found.duration_s, 3),
        compared=found.compared,
        blocked_by=blocked_by,
    )


def _needs_no_hint(result: CheckResult) -> bool:
    # What a script does not touch is said in the message; the check's hint is about the exercise.
    is_to_do = result.outcome == "not_run" and result.message is not None
    return result.outcome == "passed" or is_to_do


def _sum_up(parts: Sequence[CheckReport] | Sequence[TaskReport], maximum: float) -> float:
    # Thirds of points do not add up to the maximum in binary fractions, and full is full.
    if all(part.score == part.max_score for part in parts):
        return maximum if parts else 0.0
    return min(round(math.fsum(part.score for part in parts), _DIGITS), maximum)
