"""Where a suite and its solution are read: beside the course, or in memory where they were sealed.

A kit that students get has neither a solution nor hidden checks; what it has is given.
"""

from __future__ import annotations

import contextlib
from typing import Final

from grader.course.models import Exercise

__all__ = ["PICTURES_NAME", "SUITE_FILES", "solution_source", "suite_sources"]

SUITE_FILES: Final = ("test_visible.py", "test_hidden.py")
PICTURES_NAME: Final = "pictures.py"
"""The file of a suite that says what is better seen than read; it may be left out."""


def suite_sources(exercise: Exercise) -> dict[str, bytes]:
    """Read the files of a suite, by name, in the order in which they are collected."""
    if exercise.sources:
        return {name: exercise.sources[name] for name in SUITE_FILES if name in exercise.sources}
    found: dict[str, bytes] = {}
    for name in SUITE_FILES:
        with contextlib.suppress(FileNotFoundError):
            found[name] = (exercise.suite / name).read_bytes()
    return found


def solution_source(exercise: Exercise) -> bytes:
    """Read the reference solution.

    Raises:
        OSError: It cannot be read.
    """
    if exercise.sources:
        return exercise.sources[exercise.solution.name]
    return exercise.solution.read_bytes()
