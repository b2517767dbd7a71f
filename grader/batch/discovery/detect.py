"""Finds out which form a source has, from the names in its upper levels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from grader.batch.discovery.folders import METADATA_NAME
from grader.batch.discovery.layouts import CANVAS, MOODLE, LayoutName
from grader.batch.discovery.listing import Listing, Parts
from grader.batch.discovery.names import Exercises, archive_stem

__all__ = ["Form", "detect", "looks_like_download"]

_SUBMITTED: Final = "submitted"
_MIN_MEMBERS: Final = 2
# What Gradescope and `gh classroom clone` call the folder around everything.
_WRAPPER: Final = re.compile(r"assignment_\d+_export|.+-submissions", re.IGNORECASE)
_EXPORT: Final = re.compile(r"assignment_\d+_export", re.IGNORECASE)


class Form(NamedTuple):
    """A layout, and the folder in which it begins."""

    layout: LayoutName
    root: Parts
    is_doubtful: bool = False
    """Whether the only folder at the top could hold a class rather than be a student's."""


def detect(
    listing: Listing,
    name: str,
    exercises: Exercises,
    *,
    is_archive: bool,
    wanted: LayoutName | None = None,
) -> Form:
    """Return the form of a source.

    What one student of a class names cannot choose the form: those of Moodle and Canvas take half
    of all names at the top, the other special ones a name that only the download gives.

    Args:
        listing: What lies in it.
        name: Its own name.
        exercises: Those that are graded.
        is_archive: Whether it is an archive, which often has one folder around everything.
        wanted: The layout, if it is known; then only its root is found out.
    """
    plain_root = _plain_root(listing, name, exercises, is_archive=is_archive)
    for root in _roots(listing, is_archive=is_archive):
        special = _special(listing, root)
        if special is None or wanted not in {None, special.layout}:
            continue
        # The folder around a class may be a clone itself.
        is_around = _only_folder(listing) is not None and _holds_class(listing, exercises)
        if special != Form("git", ()) or wanted == "git" or not is_around:
            return special
    root = plain_root
    if wanted is not None:
        return Form(wanted, root)
    if name.lower() == _SUBMITTED:
        return Form("nbgrader", root)
    plain: LayoutName = "folders" if _has_filled_folder(listing, root) else "files"
    doubtful = not is_archive and _only_folder(listing) is not None
    return Form(plain, root, doubtful and _holds_class(listing, exercises))


def looks_like_download(listing: Listing, below: Parts) -> bool:
    """Tell whether an archive within a source is a download with everybody's submissions."""
    tops = listing.tops(below)
    if METADATA_NAME in tops or any(map(_EXPORT.fullmatch, tops)):
        return True
    return len(tops) >= _MIN_MEMBERS and (_share(MOODLE, tops) or _share(CANVAS, tops))


def _roots(listing: Listing, *, is_archive: bool) -> Iterator[Parts]:
    yield ()
    only = _only_folder(listing)
    if only is not None and (is_archive or _WRAPPER.fullmatch(only)):
        yield (only,)


def _special(listing: Listing, root: Parts) -> Form | None:
    """Return the form of a download, if it is one."""
    tops = listing.tops(root)
    if (*root, METADATA_NAME) in listing.metadata:
        return Form("gradescope", root)
    if _share(MOODLE, tops):
        return Form("moodle", root)
    if _share(CANVAS, tops):
        return Form("canvas", root)
    if tops.get(_SUBMITTED) and not _is_filled(listing, (*root, _SUBMITTED), files_only=True):
        return Form("nbgrader", (*root, _SUBMITTED))
    clones = [parts for parts in listing.clones if parts[:-1] == root and parts]
    folders = [top for top, is_folder in tops.items() if is_folder]
    return Form("git", root) if clones and 2 * len(clones) >= len(folders) else None


def _plain_root(listing: Listing, name: str, exercises: Exercises, *, is_archive: bool) -> Parts:
    only = _only_folder(listing)
    if is_archive and only is not None and _is_wrapper(listing, only, name, exercises):
        return (only,)
    return ()


def _is_wrapper(listing: Listing, only: str, name: str, exercises: Exercises) -> bool:
    """Tell whether the one folder of an archive is there only because a folder was packed."""
    same = only.casefold() == archive_stem(name).casefold()
    return same or exercises.is_name(only) or _holds_class(listing, exercises)


def _holds_class(listing: Listing, exercises: Exercises) -> bool:
    """Tell whether folders two levels deep hold the same exercise, as those of a class do."""
    seen: dict[str, set[str]] = {}
    for entry in listing.entries:
        if len(entry.parts) > _MIN_MEMBERS and (match := exercises.match(entry.parts[-1])):
            seen.setdefault(match.exercise, set()).add(entry.parts[1])
    return any(len(folders) >= _MIN_MEMBERS for folders in seen.values())


def _only_folder(listing: Listing) -> str | None:
    tops = listing.tops()
    return next(iter(tops)) if len(tops) == 1 and all(tops.values()) else None


def _has_filled_folder(listing: Listing, root: Parts) -> bool:
    return _is_filled(listing, root, files_only=False)


def _is_filled(listing: Listing, root: Parts, *, files_only: bool) -> bool:
    """Tell whether submissions lie directly in a folder, or else in folders below it."""
    depth = len(root) + 1
    return any(
        entry.parts[: len(root)] == root and (len(entry.parts) == depth) == files_only
        for entry in listing.entries
    )


def _share(pattern: re.Pattern[str], names: dict[str, bool]) -> bool:
    fitting = sum(pattern.fullmatch(name) is not None for name in names)
    return fitting > 0 and 2 * fitting >= len(names)
