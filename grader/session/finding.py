"""Why a check was not passed, and which line of the submission that is about."""

from __future__ import annotations

import msgspec

from grader.language import Text
from grader.report.examination import Outcome, Where
from grader.session.student import Student
from grader.worker import wire


class Finding(msgspec.Struct, frozen=True):
    """Why a check was not passed."""

    outcome: Outcome
    message: Text
    hint: Text | None = None
    misconception: str | None = None
    where: Where | None = None


def place_of(place: wire.Place | None, student: Student) -> Where | None:
    """Turn a line that the worker named into a place in the report."""
    return None if place is None else where(student, place.line, place.cell)


def where(student: Student, line: int | None, cell: int | None) -> Where | None:
    """Name a line of the submission; None for one that it does not have."""
    if line is None or not _has_line(student, line, cell):
        return None
    name = student.submission.path.replace("\\", "/").rpartition("/")[2]
    return Where(file=name, cell=cell, line=line)


def _has_line(student: Student, line: int, cell: int | None) -> bool:
    """Tell a line of the file's from a number by which a worker might tell what it was given."""
    texts = (one.text for one in student.submission.cells if one.index == cell)
    return any(line <= len(text.splitlines()) + 1 for text in texts)
