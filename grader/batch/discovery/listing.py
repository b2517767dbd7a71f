"""What lies in one source: a folder, or an archive, which then counts as a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from grader.errors import SubmissionError
from grader.language import Text

__all__ = ["Entry", "Listing", "Parts", "Refusal", "RefusedError"]

Parts = tuple[str, ...]

_HEAD_DEPTH: Final = 2


class Entry(NamedTuple):
    """A file that can be a submission, or an archive of such."""

    parts: Parts
    """The way to it below its source, as names for people."""
    path: Path
    """Where it can be read."""


class Refusal(NamedTuple):
    """A file, or all of an archive, that is not read, and why."""

    parts: Parts
    message: Text
    hint: Text | None
    is_minor: bool = False
    """Whether it is hardly a submission."""


class RefusedError(SubmissionError):
    """A file or an archive breaks a rule; its owner can put it right."""


class Listing:
    """The files of one source, in the order in which they lie there."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.entries: list[Entry] = []
        self.refusals: list[Refusal] = []
        self.clones: set[Parts] = set()
        """Folders that are git repositories."""
        self.metadata: dict[Parts, Path] = {}
        """Gradescope's lists of submitters."""
        self.heads: dict[Parts, bool] = {}
        """The two upper levels: whether each is a folder."""
        self.files: list[Parts] = []
        """All files, whether or not they can be submissions."""

    def see(self, parts: Parts, *, folder: bool) -> None:
        """Note that there is a file or a folder, whether or not it can be a submission."""
        if not folder:
            self.files.append(parts)
        for depth in range(1, min(len(parts), _HEAD_DEPTH) + 1):
            is_folder = folder or depth < len(parts)
            self.heads[parts[:depth]] = self.heads.get(parts[:depth], False) or is_folder

    def refuse(self, parts: Parts, error: RefusedError, *, is_minor: bool = False) -> None:
        """Note that something is not read."""
        self.refusals.append(Refusal(parts, error.message, error.hint, is_minor))

    def tops(self, root: Parts = ()) -> dict[str, bool]:
        """List the names directly below `root`, and whether each is a folder."""
        depth = len(root) + 1
        return {
            parts[-1]: folder
            for parts, folder in self.heads.items()
            if len(parts) == depth and parts[:-1] == root
        }
