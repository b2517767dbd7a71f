"""Learners' scripts under tests/scenarios/learners, and what a report of each must say.

The scripts are this project's own. `expected.toml` holds, for each of them, the points over what
it touches, what serves for which name, and the mistake that its author must be told.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.course.models import Exercise
from grader.pipeline import GradeRequest, grade_with
from grader.report.model import Report
from grader.session.client import ExaminerClient
from grader.submission import read_submission
from grader.submission.guess import guess_exercises
from grader.submission.siblings import with_siblings

CORPUS = Path(__file__).parent / "scenarios" / "learners"
EXPECTED = CORPUS / "expected.toml"


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be said of one script."""

    points: dict[str, str]
    """By exercise: points over what the script touches."""
    serves: dict[str, str] = {}
    """By required name: what serves for it."""
    mistakes: tuple[str, ...] = ()
    """What its author must be told; none where nothing is wrong."""
    lessons: tuple[str, ...] = ()
    """What there is to learn from it."""
    untold: tuple[str, ...] = ()
    """Lessons that would be untrue of it."""
    problems: tuple[str, ...] = ()
    """The errors that reading or running it ends in, where no mistake is listed."""
    lines: dict[str, int] = {}
    """By mistake or lesson: the line at which it must be told."""


class Found(NamedTuple):
    """What was said of one script."""

    points: dict[str, str]
    serves: dict[str, str]
    mistakes: tuple[str, ...]
    lessons: tuple[str, ...]
    lost: float
    """Points that were lost on what the script touches."""
    problems: tuple[str, ...]
    """The errors that reading or running it ended in."""
    lines: dict[str, int]
    """By mistake or lesson: the line at which it was told last."""


def read_expected() -> dict[str, Expected]:
    """Read what must be said of every script, by its path below the corpus."""
    content = tomllib.loads(EXPECTED.read_text(encoding="utf-8"))
    return {name: msgspec.convert(value, Expected) for name, value in content.items()}


def examine(client: ExaminerClient, name: str, exercises: Sequence[Exercise]) -> Found:
    """Grade one script as `grade FILE` does, for every exercise that it is about."""
    path = CORPUS / name
    submission = with_siblings(read_submission(path), path.parent)
    requests = [
        GradeRequest(exercise=exercise, file=path, seed=1, match="behaviour")
        for exercise in guess_exercises(submission, exercises).exercises
    ]
    reports = [grade_with(client, request, submission) for request in requests]
    points, lost = {}, 0.0
    for report in reports:
        assert report.fault is None, report.fault.en
        assert report.present is not None
        points[report.exercise] = f"{report.present.score:g}/{report.present.max_score:g}"
        lost += report.present.max_score - report.present.score
    return Found(
        points=points,
        serves={match.name: match.given for report in reports for match in report.matches},
        mistakes=_told(reports, "mistake") + _by_checks(reports),
        lessons=_told(reports, "lesson"),
        lost=lost,
        problems=tuple(
            problem.message.en.partition(":")[0]
            for report in reports
            for problem in report.problems
        ),
        lines={
            one.id: one.where.line
            for report in reports
            for one in report.advice
            if one.where is not None
        },
    )


def _told(reports: Sequence[Report], kind: str) -> tuple[str, ...]:
    found = (one.id for report in reports for one in report.advice if one.kind == kind)
    return tuple(dict.fromkeys(found))


def _by_checks(reports: Sequence[Report]) -> tuple[str, ...]:
    found = (
        check.misconception
        for report in reports
        for task in report.tasks
        for check in task.checks
        if check.misconception is not None
    )
    return tuple(dict.fromkeys(found))
