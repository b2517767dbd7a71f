"""Runs `grade` in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from grader import pipeline
from grader.cli import main
from grader.course.catalog import Course
from grader.course.handouts import ORIGINALS
from grader.course.models import Exercise
from grader.report.build import build_report
from grader.report.examination import CheckResult, Examination
from grader.report.model import Report


class Ended(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Grade = Callable[..., Ended]


class Handed(msgspec.Struct, frozen=True):
    """A submission, as far as a report looks."""

    path: str
    id: str = "ada"
    sha256: str = "0" * 64
    kind: Any = "py"
    notes: tuple[()] = ()


class Pipeline:
    """Stands in for what grades; keeps what it was asked for."""

    def __init__(self) -> None:
        self.requests: list[pipeline.GradeRequest] = []
        self.passed: Sequence[str] = ("double_one", "double_many", "facts[two]")
        self.status: Any = "graded"
        self.error: BaseException | None = None

    def grade_submission(self, request: pipeline.GradeRequest, tell: Any = None) -> Report:
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        results = tuple(CheckResult(name, "passed") for name in self.passed)
        return build_report(
            request.exercise,
            Handed(str(request.file)),
            Examination(self.status, results),
            seed=request.seed,
            sandbox=request.sandbox,
            started_at=datetime(2026, 1, 2, tzinfo=UTC),
            duration_s=1,
        )

    def collect_checks(self, exercise: Exercise) -> Any:
        return self.checks

    checks: Any = ()


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    stand_in = Pipeline()
    monkeypatch.setattr(pipeline, "grade_submission", stand_in.grade_submission)
    monkeypatch.setattr(pipeline, "collect_checks", stand_in.collect_checks)
    return stand_in


@pytest.fixture
def grade(
    small_course: Course, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Grade:
    monkeypatch.setenv("GRADE_LANG", "en")
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str | Path) -> Ended:
        with pytest.raises(SystemExit) as caught:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Ended(int(caught.value.code or 0), out, err)

    return run


@pytest.fixture
def script(grade: Grade, small_course: Course) -> Path:
    """Give the student's file, as it was handed out."""
    grade("stub", "ex01")
    return small_course.exercises / "ex01_doubling" / "ex01_doubling.py"


@pytest.fixture
def without_solutions(script: Path, small_course: Course) -> Path:
    """Make the course as students get it, and give their file."""
    original = script.parent / ORIGINALS / script.name
    original.parent.mkdir()
    original.write_bytes(script.read_bytes())
    (small_course.solutions / "ex01_doubling" / "ex01_doubling.py").unlink()
    return script
