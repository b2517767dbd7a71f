"""What the loop of `grade watch` waits for."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from grader.course.models import Exercise
from grader.errors import GraderError
from grader.language import Text
from grader.report.model import Report

__all__ = ["Event", "Events", "Graded", "Lost", "Pressed", "Saved", "Told"]


class Saved(NamedTuple):
    """A script or a notebook of the course was written."""

    file: Path


class Pressed(NamedTuple):
    """A key was pressed."""

    key: str


class Graded(NamedTuple):
    """A grading has ended: with a report, or with what kept it from one."""

    exercise: Exercise
    file: Path
    report: Report | None
    error: GraderError | None


class Lost(NamedTuple):
    """Saves are no longer heard of."""

    reason: str


class Told(NamedTuple):
    """Something that the user should know."""

    what: Text


Event = Saved | Pressed | Graded | Lost | Told
Events = SimpleQueue[Event]
