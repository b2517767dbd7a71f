"""The gradebook of a class, made from the reports and the class list alone.

`gradebook.csv` has a row for each student, `checks.csv` one for each check. Nothing in them
depends on when or in which order anything was graded: the same reports give the same bytes.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from grader.atomic import open_atomically, write_atomically
from grader.batch.class_list import read_class_list
from grader.batch.csv_lines import BYTE_ORDER_MARK, csv_line, number, text_cell
from grader.batch.reports import (
    Entry,
    StoredReports,
    UnreadableReport,
    is_exercise_id,
)
from grader.batch.summary import Summary, Tally
from grader.report.grades import TaskGrade

__all__ = [
    "CHECKS_NAME",
    "GRADEBOOK_NAME",
    "Entry",
    "GradebookResult",
    "UnreadableReport",
    "write_gradebook",
]

GRADEBOOK_NAME: Final = "gradebook.csv"
CHECKS_NAME: Final = "checks.csv"
_CHECKS_HEADER: Final = (
    "student", "exercise", "task", "check", "outcome",
    "score", "max_score", "visibility", "misconception",
)  # fmt: skip

_NOTES: Final = ("missing", "not_graded", "late", "fault", "unreadable", "not_runnable")
"""The words of the last column, in their order; each is followed by exercises."""


class GradebookResult(msgspec.Struct, frozen=True):
    """What was written, and what it comes to."""

    gradebook: Path
    """A row for each student."""
    checks: Path
    """A row for each check."""
    summary: Summary
    """What the class has reached, and what could not be used."""


def write_gradebook(out: Path) -> GradebookResult:
    """Write `gradebook.csv` and `checks.csv` of what an output folder holds.

    A row for each student and a column for each exercise that there are reports on, or that
    `class.json` names; what it says besides is in the notes.

    Args:
        out: The folder that holds `reports/`.

    Raises:
        ReportNotWrittenError: A file could not be written; those that stood there stay.
        UsageError: `class.json` cannot be read.
    """
    known = read_class_list(out)
    stored = StoredReports(out)
    columns = sorted({*known.exercises, *stored.exercises})
    not_graded = sorted({(one.student, one.exercise) for one in known.not_graded})
    refused = _by_student(not_graded)
    rows = sorted({*known.students, *refused, *stored.students})
    # All other text in these files, ids of the course, is ASCII.
    start = BYTE_ORDER_MARK if any(not name.isascii() for name in rows) else b""
    late_ones = frozenset(known.late)
    tally = Tally(columns, not_graded)
    lines = [csv_line(["student", *columns, "total", "notes"])]
    with open_atomically(out / CHECKS_NAME) as checks:
        checks.write(start + csv_line(_CHECKS_HEADER).encode())
        for student in rows:
            row = _Row(student, refused.get(student, ()))
            for entry in stored.of_student(student, late_ones):
                row.add(entry)
                tally.add(entry)
                checks.write("".join(_check_lines(entry)).encode())
            tally.add_student(student, has_submission=row.has_submission)
            lines.append(row.line(columns))
    write_atomically(out / GRADEBOOK_NAME, start + "".join(lines).encode())
    return GradebookResult(out / GRADEBOOK_NAME, out / CHECKS_NAME, tally.summary())


def _by_student(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    exercises: dict[str, list[str]] = {}
    for student, exercise in pairs:
        exercises.setdefault(student, []).append(exercise)
    return exercises


class _Row:
    """The row of one student in the gradebook."""

    def __init__(self, student: str, not_graded: Sequence[str]) -> None:
        self._student = student
        self._scores: dict[str, float | None] = {}
        self._marks: dict[str, list[str]] = {"not_graded": list(not_graded)}

    @property
    def has_submission(self) -> bool:
        return bool(self._scores or self._marks["not_graded"])

    def add(self, entry: Entry) -> None:
        if not is_exercise_id(entry.exercise):
            return
        self._scores[entry.exercise] = None if entry.report is None else entry.report.score
        for word in _words(entry):
            self._marks.setdefault(word, []).append(entry.exercise)

    def line(self, columns: Sequence[str]) -> str:
        scores = [self._scores.get(column) for column in columns]
        total = math.fsum(score for score in scores if score is not None)
        notes = self._notes(columns)
        cells = [text_cell(self._student), *map(number, scores), number(total), text_cell(notes)]
        return csv_line(cells)

    def _notes(self, columns: Sequence[str]) -> str:
        known = {*self._scores, *self._marks["not_graded"]}
        missing = [column for column in columns if column not in known]
        marks = self._marks | {"missing": missing}
        parts = [f"{word}: {' '.join(marks[word])}" for word in _NOTES if marks.get(word)]
        return "; ".join(parts)


def _words(entry: Entry) -> Iterator[str]:
    """Say what is out of the ordinary about a submission."""
    if entry.late:
        yield "late"
    if entry.report is None:
        yield "unreadable"
    elif entry.report.status == "grader_fault":
        yield "fault"
    elif entry.report.status == "not_runnable":
        yield "not_runnable"


def _check_lines(entry: Entry) -> Iterator[str]:
    """Give the rows of a submission, in the order of the exercise's tasks and checks."""
    student = text_cell(entry.student)
    if entry.report is None:
        if is_exercise_id(entry.exercise):
            yield _line_without_checks(student, entry.exercise, "unreadable")
        return
    if entry.report.status == "grader_fault":
        yield _line_without_checks(student, entry.exercise, "grader_fault")
    # The student's name goes in front of each.
    yield f"{student},".join(("", *_check_cells(entry.exercise, entry.report.tasks)))


def _line_without_checks(student: str, exercise: str, outcome: str) -> str:
    return csv_line([student, exercise, "", "", outcome, "", "", "", ""])


# Most of a class have the same grades as many others.
@functools.lru_cache(maxsize=2048)
def _check_cells(exercise: str, tasks: tuple[TaskGrade, ...]) -> tuple[str, ...]:
    """Give the rows of a submission without the student's name."""
    return tuple(
        csv_line(
            [
                *map(text_cell, (exercise, task.id, check.id, check.outcome)),
                *map(number, (check.score, check.max_score)),
                *map(text_cell, (check.visibility, check.misconception or "")),
            ]
        )
        for task in tasks
        for check in task.checks
    )
