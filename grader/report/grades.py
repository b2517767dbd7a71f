"""What a report comes to: the part of it that a gradebook is made of, and nothing else.

A class has tens of thousands of reports, and most of a report is text for its reader: that is
passed over unread, and what is left of two right answers is equal. Titles, the same in all of a
class, are read by themselves, of one report.
"""

from __future__ import annotations

import os
from typing import Final, Literal, TypeVar

import msgspec

from grader.course.models import Visibility
from grader.language import Text
from grader.report.examination import Outcome
from grader.report.model import Status
from grader.report.read import parse_report, read_bytes

__all__ = ["CheckGrade", "Grades", "TaskGrade", "Titles", "read_grades", "read_titles"]


class CheckGrade(msgspec.Struct, frozen=True, gc=False):
    """How one check ended; the fields are those of `CheckReport`."""

    id: str
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
    status: Status
    score: float | None
    max_score: float | None
    tasks: tuple[TaskGrade, ...]
    fault: Text | None = None
    fault_of: Literal["course", "grader"] | None = None


class _Titled(msgspec.Struct, frozen=True):
    """A check; the fields are those of `CheckReport`."""

    id: str
    title: Text


class _TitledTask(msgspec.Struct, frozen=True):
    """The checks of a task; the fields are those of `TaskReport`."""

    id: str
    checks: tuple[_Titled, ...]


class Titles(msgspec.Struct, frozen=True):
    """What an exercise and its checks are called; the fields are those of `Report`."""

    title: Text
    tasks: tuple[_TitledTask, ...]


_GRADES: Final = msgspec.json.Decoder(Grades)
_TITLES: Final = msgspec.json.Decoder(Titles)
_Part = TypeVar("_Part", Grades, Titles)


def read_grades(path: str | os.PathLike[str]) -> Grades:
    """Read the grades of a report that `write_report` wrote.

    Raises:
        ReportUnreadableError: There is no such file, or it is no report of this major version.
    """
    return _read(path, _GRADES)


def read_titles(path: str | os.PathLike[str]) -> Titles:
    """Read the titles of a report that `write_report` wrote.

    Raises:
        ReportUnreadableError: There is no such file, or it is no report of this major version.
    """
    return _read(path, _TITLES)


def _read(path: str | os.PathLike[str], decoder: msgspec.json.Decoder[_Part]) -> _Part:
    content = read_bytes(path)
    try:
        return decoder.decode(content)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        # It may be of another version, or damaged: who reads it as a whole can tell.
        report = parse_report(content, name=str(path))
        return decoder.decode(msgspec.json.encode(report))
