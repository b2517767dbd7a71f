"""The report of a file that cannot be read, which says why.

What its owner can mend scores nothing. What the machine does not give is a fault of the grader's.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from grader.course.models import Exercise
from grader.errors import FileUnavailableError, SubmissionError
from grader.language import Text
from grader.report.build import build_report
from grader.report.examination import CheckResult, Examination, Problem
from grader.report.model import Report
from grader.submission import Submission

__all__ = ["unreadable_report", "unreadable_sha256"]

_CURE: Final = Text(
    en="Check that the file is where it was and may be read, and run the command again.",
    zh="请检查该文件是否还在原处、是否可读，然后重新运行同一命令。",
)


def unreadable_sha256(path: Path, error: SubmissionError) -> str:
    """Digest what the report is about: another file, or another reason, needs another report."""
    parts = path.name, _without_folder(error.message, path).en
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


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
    message = _without_folder(error.message, path)
    missing = Submission(
        id=owner,
        path=path.name,
        sha256="",
        kind="ipynb" if path.suffix.lower() == ".ipynb" else "py",
        cells=(),
        notes=(),
    )
    is_fault = isinstance(error, FileUnavailableError)
    return build_report(
        exercise,
        missing,
        _fault(message) if is_fault else _not_runnable(exercise, message, error.hint),
        seed=seed,
        sandbox=sandbox,
        started_at=datetime.now(UTC),
        duration_s=0.0,
    )


def _fault(message: Text) -> Examination:
    return Examination(
        status="grader_fault",
        fault=Text(en=f"{message.en}. {_CURE.en}", zh=f"{message.zh}。{_CURE.zh}"),
        fault_of="grader",
    )


def _not_runnable(exercise: Exercise, message: Text, hint: Text | None) -> Examination:
    results = tuple(
        CheckResult(check.id, "error", message=message, hint=hint) for check in exercise.checks
    )
    return Examination(
        status="not_runnable", results=results, problems=(Problem(message, hint, None, ()),)
    )


def _without_folder(message: Text, path: Path) -> Text:
    return Text(
        en=message.en.replace(str(path), path.name),
        zh=message.zh.replace(str(path), path.name),
    )
