"""The report of a file that cannot be read: it scores nothing, and says why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from grader.course.models import Exercise
from grader.errors import SubmissionError
from grader.language import Text
from grader.report.build import build_report
from grader.report.examination import CheckResult, Examination, Problem
from grader.report.model import Report
from grader.submission import Submission

__all__ = ["unreadable_report"]


def unreadable_report(  # noqa: PLR0913 - everything that a report rests on
    exercise: Exercise, path: Path, error: SubmissionError, *, owner: str, seed: int, sandbox: str
) -> Report:
    """Make the report.

    Args:
        exercise: What was asked.
        path: The file; its folder, which may be a temporary one, is for nobody.
        error: What is wrong with it.
        owner: Whose it is.
        seed: The one that it would have been graded with.
        sandbox: The lock-down that was asked for.
    """
    message = Text(
        en=error.message.en.replace(str(path), path.name),
        zh=error.message.zh.replace(str(path), path.name),
    )
    missing = Submission(
        id=owner,
        path=path.name,
        sha256="",
        kind="ipynb" if path.suffix.lower() == ".ipynb" else "py",
        cells=(),
        notes=(),
    )
    results = tuple(
        CheckResult(check.id, "error", message=message, hint=error.hint)
        for check in exercise.checks
    )
    return build_report(
        exercise,
        missing,
        Examination(
            status="not_runnable",
            results=results,
            problems=(Problem(message, error.hint, None, ()),),
        ),
        seed=seed,
        sandbox=sandbox,
        started_at=datetime.now(UTC),
        duration_s=0.0,
    )
