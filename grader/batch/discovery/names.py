"""What a file's name says: whether it can be a submission, and for which exercise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

__all__ = [
    "Exercises",
    "Match",
    "archive_stem",
    "is_archive",
    "is_ignored_file",
    "is_ignored_folder",
    "is_source",
    "resembles_code",
    "split_revision",
]

SOURCE_SUFFIXES: Final = (".py", ".ipynb")
ARCHIVE_SUFFIXES: Final = (
    ".tar.gz", ".tar.bz2", ".tar.xz",
    ".tgz", ".tbz", ".tbz2", ".txz", ".tar", ".zip", ".7z", ".rar",
)  # fmt: skip

_IGNORED_FOLDERS: Final = frozenset({"__macosx", "__pycache__", "site-packages", "node_modules"})
_IGNORED_FILES: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_SEPARATORS: Final = " _-.–—+,"
# Not within a word: index03.py is no exercise 3.
_TOKEN: Final = re.compile(r"(?<![A-Za-z])ex(\d\d)(?!\d)", re.IGNORECASE)
# As it is misspelt: ex3, Exercise 3, 练习3.
_LOOSE: Final = re.compile(
    r"(?<![A-Za-z])(?:ex(?:ercise)?|练习)[ _-]*0*(\d{1,2})(?!\d)", re.IGNORECASE
)
# The suffix of a source, though a system or a browser may have put another behind it.
_SOURCE_WITHIN: Final = re.compile(r"\.(?:py|ipynb)(?![A-Za-z\d])", re.IGNORECASE)
# What a script or a notebook becomes when it is pasted, printed or saved as something else.
_DOCUMENTS: Final = ("", ".txt", ".pdf", ".doc", ".docx", ".htm", ".html", ".json")
# What Canvas (`-1`) and browsers (` (1)`) append to a name that is already taken.
_REVISION: Final = re.compile(r"(?:-(\d{1,2})| ?[(（](\d{1,2})[)）])$")
# What browsers and systems make of a copy's name, and of a copy's copy.
_COPY: Final = re.compile(
    r"(?: ?[(（]\d{1,2}[)）]|[ _-]+copy(?: \d{1,2})?|[ _-]*的?副本(?: \d{1,2})?)+$", re.IGNORECASE
)
_COPY_OF: Final = re.compile(r"^(?:copy[ _]of[ _]+)+", re.IGNORECASE)


class Match(NamedTuple):
    """A name that belongs to one exercise."""

    exercise: str
    """Its id, such as `ex03`."""
    exact: bool
    """Whether the name is the exercise's own, but for a revision."""
    revision: int
    """The number that a re-upload or a browser appended, or 0."""
    before: str
    """What stands in front of the exercise's name."""
    behind: str
    """What stands behind it, without the suffix."""


class Exercises:
    """The exercises that are graded."""

    def __init__(self, names: Sequence[str]) -> None:
        """Take full names, such as `ex03_conv_layer`."""
        self._full = {name.partition("_")[0].lower(): name for name in names}

    @property
    def ids(self) -> tuple[str, ...]:
        """Their ids, such as `ex03`."""
        return tuple(self._full)

    def match(self, filename: str) -> Match | None:
        """Return the exercise that a file is named for, or None if it is none or not one only.

        `exNN_slug` counts, then `exNN` anywhere in the name, in either case, but not within a
        word. What the file contains never counts.
        """
        stem = _stem(filename)
        tokens = list(_TOKEN.finditer(stem))
        named = {token[0].lower() for token in tokens}
        if len(named) != 1 or not named <= self._full.keys():
            return None
        exercise = named.pop()
        bare, revision = split_revision(stem)
        end = tokens[0].end()
        end += _slug_length(stem[end:], self._full[exercise][len(exercise) :])
        return Match(
            exercise=exercise,
            exact=bare.lower() == self._full[exercise],
            revision=revision,
            before=_COPY_OF.sub("", stem[: tokens[0].start()]).strip(_SEPARATORS),
            behind=_COPY.sub("", stem[end:]).strip(_SEPARATORS),
        )

    def prefix_of(self, folder: str) -> str:
        """Return the exercise's name and the dash behind it with which a folder begins, or ""."""
        match = self.match(f"{folder}.py")
        if match is None or match.before or not match.behind:
            return ""
        prefix = folder[: -len(match.behind)]
        return prefix if prefix.endswith("-") and folder.endswith(match.behind) else ""

    def several(self, filename: str) -> bool:
        """Tell whether a name holds more than one exercise, of which at least one is graded."""
        named = {token[0].lower() for token in _TOKEN.finditer(_stem(filename))}
        return len(named) > 1 and bool(named & self._full.keys())

    def mentions(self, filename: str) -> bool:
        """Tell whether a name holds an exercise that is graded, alone or among others."""
        return self.match(filename) is not None or self.several(filename)

    def meant_by(self, filename: str) -> str | None:
        """Return the exercise for which a file was likely meant, whether or not its name is right.

        So are `ex3_conv.py`, `ex03_conv_layer.py.txt`, `ex03.zip` and `ex03_conv_layer.pdf`; a
        picture, a table or a text about it, `ex03_loss.png`, only mentions an exercise.
        """
        stem, _ = split_revision(_stem(filename))
        tokens = list(_LOOSE.finditer(stem))
        named = {f"ex{int(token[1]):02}" for token in tokens}
        if len(named) != 1 or not named <= self._full.keys():
            return None
        exercise = named.pop()
        rest = stem[: tokens[0].start()] + stem[tokens[0].end() :]
        is_own_name = rest.lower() in {"", self._full[exercise][len(exercise) :]}
        is_document = PurePosixPath(filename).suffix.lower() in _DOCUMENTS
        return exercise if resembles_code(filename) or (is_own_name and is_document) else None

    def is_name(self, folder: str) -> bool:
        """Tell whether a folder is named like an exercise, and so not for a student."""
        return _TOKEN.fullmatch(folder) is not None or folder.lower() in self._full.values()


def is_source(name: str) -> bool:
    """Tell whether a file can be a submission: a script or a notebook."""
    return name.lower().endswith(SOURCE_SUFFIXES) and not is_ignored_file(name)


def is_archive(name: str) -> bool:
    """Tell whether a file's name is that of an archive."""
    return name.lower().endswith(ARCHIVE_SUFFIXES) and not is_ignored_file(name)


def resembles_code(name: str) -> bool:
    """Tell whether a file is a script, a notebook or an archive, or was one: `ex03.py.txt`."""
    return is_archive(name) or _SOURCE_WITHIN.search(name) is not None


def split_revision(stem: str) -> tuple[str, int]:
    """Split off the number that a re-upload or a browser appended to a name; it is 0 without."""
    revision = _REVISION.search(stem)
    return (stem[: revision.start()], int(revision[1] or revision[2])) if revision else (stem, 0)


def archive_stem(name: str) -> str:
    """Return an archive's name without its suffix."""
    for suffix in ARCHIVE_SUFFIXES:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name


def is_ignored_file(name: str) -> bool:
    """Tell whether the operating system, not a person, put this file there."""
    return name.lower() in _IGNORED_FILES or name.startswith("._")


def is_ignored_folder(name: str) -> bool:
    """Tell whether a folder holds caches, libraries or settings; all hidden folders do."""
    return name.lower() in _IGNORED_FOLDERS or name.startswith(".")


def _stem(filename: str) -> str:
    stem = archive_stem(filename) if is_archive(filename) else PurePosixPath(filename).stem
    return unicodedata.normalize("NFC", stem)


def _slug_length(rest: str, slug: str) -> int:
    """Return how much of `rest` spells the slug (with its leading underscore), or 0."""
    same = rest.lower().replace("-", "_").replace(" ", "_").startswith(slug.lower())
    following = rest[len(slug) : len(slug) + 1]
    return len(slug) if same and not following.isalnum() else 0
