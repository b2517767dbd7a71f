"""Files that are no submission by their names, and which of them may have been meant as one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from grader.batch.discovery.names import Exercises, is_source
from grader.batch.discovery.settle import Sighting

__all__ = ["Misnamed", "Other"]

# Of a student's thousand pictures no more names are kept than a message shows, and one more.
_MAX_NAMES: Final = 4


class Other(NamedTuple):
    """A file that is no submission by its name."""

    name: str
    origin: str


class _Files:
    """Those of one owner, by their exercises."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.mentioned: dict[str, Other] = {}
        self.meant: dict[str, Other] = {}


class Misnamed:
    """The files of every owner that are no submission by their names."""

    def __init__(self, exercises: Exercises) -> None:
        """Take the exercises that are graded."""
        self._exercises = exercises
        self._files: dict[Sighting, _Files] = {}

    def add(self, sighting: Sighting, other: Other) -> None:
        """Note a file, unless its name is that of a submission."""
        if is_source(other.name) and self._exercises.mentions(other.name):
            return
        files = self._files.setdefault(sighting, _Files())
        if len(files.names) < _MAX_NAMES:
            files.names.append(other.name)
        if (match := self._exercises.match(other.name)) is not None:
            files.mentioned.setdefault(match.exercise, other)
        if (exercise := self._exercises.meant_by(other.name)) is not None:
            files.meant.setdefault(exercise, other)

    def names(self, sighting: Sighting) -> tuple[str, ...]:
        """Give the first names, those that were likely meant for an exercise before the others."""
        files = self._files.get(sighting, _Files())
        meant = [other.name for other in files.meant.values()]
        return tuple(dict.fromkeys((*meant, *files.names)))

    def meant(self, sighting: Sighting) -> Mapping[str, Other]:
        """Give the exercises for which an owner's files were likely meant, each with a file."""
        return self._files.get(sighting, _Files()).meant

    def mentioned(self, sighting: Sighting) -> tuple[str, ...]:
        """Give the exercises that an owner's files name in any way, a picture's name too."""
        files = self._files.get(sighting, _Files())
        return tuple(dict.fromkeys((*files.mentioned, *files.meant)))
