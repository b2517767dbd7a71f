"""An exercise, and reports on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec
import pytest

from grader.course.catalog import Course, load_exercise
from grader.course.models import Exercise
from grader.language import Text
from grader.report.build import build_report
from grader.report.examination import CheckResult, Examination, Output
from grader.report.model import Report

MakeReport = Callable[..., Report]


class Handed(msgspec.Struct, frozen=True):
    """A submission, as far as a report looks."""

    id: str = "ada"
    path: str = "/home/ada/course/ex01_doubling.py"
    sha256: str = "0" * 64
    kind: Literal["py", "ipynb"] = "py"
    notes: tuple[Text, ...] = ()


PASSED = (
    CheckResult("double_one", "passed"),
    CheckResult("double_many", "passed"),
    CheckResult("facts[two]", "passed"),
)


@pytest.fixture
def exercise(small_course: Course) -> Exercise:
    return load_exercise(small_course, "ex01")


@pytest.fixture
def make_report(exercise: Exercise) -> MakeReport:
    def make(
        results: Sequence[CheckResult] = PASSED,
        *,
        sandbox: str = "auto",
        submission: Handed | None = None,
        **facts: object,
    ) -> Report:
        given = {"status": "graded", "results": tuple(results), "output": Output("printed", "")}
        return build_report(
            exercise,
            submission or Handed(),
            Examination(**(given | facts)),  # type: ignore[arg-type]
            seed=7,
            sandbox=sandbox,
            started_at=datetime(2026, 1, 2, tzinfo=UTC),
            duration_s=1.23456,
        )

    return make


@pytest.fixture
def missed() -> Callable[..., CheckResult]:
    def make(check_id: str, outcome: str, **facts: object) -> CheckResult:
        given = {"message": Text(f"{check_id}: got 3, expected 4", f"{check_id}：得到 3，应为 4")}
        return CheckResult(check_id, outcome, **(given | facts))  # type: ignore[arg-type]

    return make
