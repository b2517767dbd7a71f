"""What a search for submissions gives: those that were found, and what stood in the way."""

from __future__ import annotations

from pathlib import Path

import msgspec

from grader.language import Text

__all__ = ["Discovery", "Found", "Problem"]


class Found(msgspec.Struct, frozen=True):
    """One submission: one file, of one student, for one exercise."""

    student: str
    """The student's id; always safe as the name of one folder."""
    exercise: str
    """The exercise's id, such as `ex03`."""
    path: Path
    """The file to read; in the workspace if it came out of an archive."""
    origin: str
    """Where it lay, for people: the source's name, then the way to the file."""
    late: bool = False
    """Whether it was handed in late, where the download says so."""
    beside: dict[str, Path] = {}
    """What else the student handed in with it and may import: scripts in its folder and below, by
    the way from there, such as `nets/blocks.py`."""


class Problem(msgspec.Struct, frozen=True):
    """What could not be used, or was passed over. It costs nobody else anything."""

    owner: str | None
    """The student's id; where that could not be settled, the name that was found."""
    exercise: str | None
    """The exercise's id, where the file's name says it."""
    origin: str
    """Where it lay, for people."""
    message: Text
    hint: Text | None = None


class Discovery(msgspec.Struct, frozen=True):
    """All that a search found."""

    found: tuple[Found, ...]
    """Sorted by student and exercise, at most one for each pair."""
    problems: tuple[Problem, ...]
    """Errors: what has an owner to be told, or a decision to be made by the instructor."""
    warnings: tuple[Problem, ...]
    """Choices that were made by rule, and files that were passed over."""
    missing: tuple[str, ...]
    """Students of the roster of whom there was nothing at all."""
    not_graded: tuple[tuple[str, str], ...] = ()
    """Student and exercise of what was handed in, or may have been, but cannot be graded; sorted.
    Why not is among the problems and warnings."""
    roster: tuple[str, ...] = ()
    """All students of the roster, sorted; empty without one."""
    notes: tuple[Text, ...] = ()
    """How each source was read."""
