"""What a report comes to: the part of it that a gradebook is made of, and nothing else.

A class has tens of thousands of reports, and most of a report is text for its reader: that is
passed over unread, and what is left of two right answers is equal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import msgspec

from grader.course.models import Visibility
from grader.language import Text
from grader.report.examination import Outcome
from grader.report.model import Status
from grader.report.read import parse_report, read_bytes

__all__ = ["CheckGrade", "Grades", "TaskGrade", "read_grades"]


class CheckGrade(msgspec.Struct, frozen=True, gc=False):
    """How one check ended; the fields are those of `CheckReport`."""

    id: str
    title: Text
    outcome: Outcome
    score: float
    max_score: float
    visibility: Visibility
    misconception: str | None


class TaskGrade(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """The checks of a task; the fields are those of `TaskReport`."""

    id: str
    checks: tuple[CheckGrade, ...]


class Grades(msgspec.Struct, frozen=True, gc=False):
    """What one submission has reached; the fields are those of `Report`."""

    schema_version: Literal["1.0"]
    exercise: str
    title: Text
    status: Status
    score: float | None
    max_score: float | None
    tasks: tuple[TaskGrade, ...]
    fault: Text | None = None
    fault_of: Literal["course", "grader"] | None = None


_GRADES: Final = msgspec.json.Decoder(Grades)


def read_grades(path: Path) -> Grades:
    """Read the grades of a report that `write_report` wrote.

    Raises:
        ReportUnreadableError: There is no such file, or it is no report of this major version.
    """
    content = read_bytes(path)
    try:
        return _GRADES.decode(content)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        # It may be of another version, or damaged: who reads it as a whole can tell.
        report = parse_report(content, name=str(path))
        return _GRADES.decode(msgspec.json.encode(report))
