"""What else a student handed in with a submission, and may therefore import in it."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from grader.batch.discovery.listing import Entry, Parts
from grader.batch.discovery.names import split_revision
from grader.batch.discovery.settle import Sighting

__all__ = ["Beside"]

_SUFFIX: Final = ".py"


class _Script(NamedTuple):
    """A file that could be a module."""

    parts: Parts
    """The way to it as its author named it: a flat download adds the author to the name."""
    rank: tuple[int, bool, int]
    """Of two with one name, the higher one counts: the newer upload, then the one that has the name
    itself, which Python would import, then the later copy."""
    path: Path


class Beside:
    """The scripts of every owner, each owner's by themselves."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._scripts: dict[Sighting, list[_Script]] = {}
        self._known: dict[tuple[Sighting, Parts], dict[str, Path]] = {}

    def add(self, sighting: Sighting, entry: Entry, name: str, order: int) -> None:
        """Note a file.

        Args:
            sighting: Whose it is.
            entry: The file.
            name: What its author called it.
            order: Of two uploads, the newer one has the higher number.
        """
        if not name.lower().endswith(_SUFFIX):
            return
        stem = name[: -len(_SUFFIX)]
        module, revision = split_revision(stem)
        rank = order, module == stem, revision
        parts = (*entry.parts[:-1], f"{module}{_SUFFIX}")
        self._scripts.setdefault(sighting, []).append(_Script(parts, rank, entry.path))

    def files(self, sighting: Sighting, folder: Parts) -> dict[str, Path]:
        """Give an owner's files in a folder and those below it, by the way from there.

        Nobody else's are among them, even where all lie in one folder.
        """
        key = sighting, folder
        if key not in self._known:
            inside = [one for one in self._scripts.get(sighting, ()) if _is_in(one, folder)]
            inside.sort(key=lambda one: one.rank)
            self._known[key] = {"/".join(one.parts[len(folder) :]): one.path for one in inside}
        return self._known[key]


def _is_in(script: _Script, folder: Parts) -> bool:
    return script.parts[: len(folder)] == folder
