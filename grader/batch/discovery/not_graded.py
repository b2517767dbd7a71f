"""Keeps who handed in what cannot be graded: nobody of them is said to have handed in nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from grader.batch.discovery.choice import Candidate
from grader.batch.discovery.layouts import LayoutName
from grader.batch.discovery.settle import Settled, Sighting

__all__ = ["OF_ONE_ASSIGNMENT", "NotGraded"]

OF_ONE_ASSIGNMENT: Final[frozenset[LayoutName]] = frozenset(
    {"moodle", "canvas", "gradescope", "git"}
)
"""Layouts in which whatever a student has handed in was meant for what the others handed in."""


class NotGraded:
    """Students and exercises of what was handed in, or may have been, but cannot be graded."""

    def __init__(
        self, exercises: Collection[str], candidates: Iterable[tuple[Sighting, Candidate]]
    ) -> None:
        """Take all exercises, and what can be graded: it tells which of them a source is about."""
        self._all = set(exercises)
        self._about: dict[int, set[str]] = {}
        for sighting, candidate in candidates:
            self._about.setdefault(sighting.source, set()).add(candidate.match.exercise)
        self._pairs: set[tuple[str, str]] = set()

    def add(self, sighting: Sighting, settled: Settled, exercise: str | None) -> None:
        """Add something of an owner; where no exercise is named, for all that it may be for."""
        exercises = {exercise} if exercise else self._about.get(sighting.source, self._all)
        self._pairs |= {(student, name) for student in settled.students for name in exercises}

    def pairs(self, found: Collection[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Give all of which there is nothing else that is graded."""
        return tuple(sorted(self._pairs.difference(found)))
