"""Finds out which form a source has, from the names in its upper levels."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from grader.batch.discovery.folders import METADATA_NAME
from grader.batch.discovery.layouts import CANVAS, MOODLE, LayoutName
from grader.batch.discovery.listing import Listing, Parts
from grader.batch.discovery.names import Exercises, archive_stem, is_archive, is_source

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
    doubtful: tuple[str, ...] = ()
    """Folders that are taken for a student each, but could as well hold a class or a section."""


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
    return Form(plain, root, _doubtful(listing, exercises, root) if plain == "folders" else ())


def looks_like_download(listing: Listing, below: Parts) -> bool:
    """Tell whether an archive within a source is a download with everybody's submissions."""
    tops = listing.tops(below)
    if METADATA_NAME in tops or any(map(_EXPORT.fullmatch, tops)):
        return True
    names = _submitted(tops)
    if len(names) < _MIN_MEMBERS:
        return False
    # A student can have a name of Canvas's form, `loss_2024_05.py`, but a download has no other.
    users = _canvas_users(names) if all(map(CANVAS.fullmatch, names)) else ()
    return _share(MOODLE, names) or len(users) >= _MIN_MEMBERS


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
    names = _submitted(tops) or list(tops)
    if _share(MOODLE, names):
        return Form("moodle", root)
    if _canvas_users(names):
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
    return any(_holds_folders(listing, exercises, ()).values())


def _doubtful(listing: Listing, exercises: Exercises, root: Parts) -> tuple[str, ...]:
    """Name the folders that could be sections; a student may have tries in folders, but few do."""
    holds = _holds_folders(listing, exercises, root)
    named = tuple(sorted(name for name, could_be in holds.items() if could_be))
    return named if 2 * len(named) >= len(holds) else ()


def _holds_folders(listing: Listing, exercises: Exercises, root: Parts) -> dict[str, bool]:
    """Tell of each folder with submissions if folders within hold the same, as in a class."""
    seen: dict[str, dict[str, set[str]]] = {}
    for entry in listing.entries:
        below = entry.parts[len(root) :]
        match = exercises.match(entry.parts[-1])
        if match is None or entry.parts[: len(root)] != root or len(below) < _MIN_MEMBERS:
            continue
        folders = seen.setdefault(below[0], {}).setdefault(match.exercise, set())
        folders.update(below[1:-1][:1])
    return {
        name: any(len(folders) >= _MIN_MEMBERS for folders in by_exercise.values())
        for name, by_exercise in seen.items()
    }


def _only_folder(listing: Listing) -> str | None:
    tops = listing.tops()
    names = _submitted(tops)
    return names[0] if len(names) == 1 and tops[names[0]] else None


def _submitted(tops: dict[str, bool]) -> list[str]:
    """Leave out what is no submission and holds none: the system's files, tables, pictures."""
    return [name for name, folder in tops.items() if folder or is_source(name) or is_archive(name)]


def _has_filled_folder(listing: Listing, root: Parts) -> bool:
    return _is_filled(listing, root, files_only=False)


def _is_filled(listing: Listing, root: Parts, *, files_only: bool) -> bool:
    """Tell whether submissions lie directly in a folder, or else in folders below it."""
    depth = len(root) + 1
    return any(
        entry.parts[: len(root)] == root and (len(entry.parts) == depth) == files_only
        for entry in listing.entries
    )


def _share(pattern: re.Pattern[str], names: Collection[str]) -> bool:
    fitting = sum(pattern.fullmatch(name) is not None for name in names)
    return fitting > 0 and 2 * fitting >= len(names)


def _canvas_users(names: Collection[str]) -> set[str]:
    """Return the numbers of Canvas's users, or none where it did not give these names.

    `li_2_15_ex03.py` may be a surname, a class and a number in it. But a number of Canvas's is one
    person's, of whom no two files have one name.
    """
    matches = filter(None, map(CANVAS.fullmatch, names))
    files = [(one["user"] or one["anon"], one["name"], one["rest"]) for one in matches]
    users = {user for user, _, _ in files}
    has_one_name = len({(user, name) for user, name, _ in files}) == len(users)
    is_distinct = len({(user, rest) for user, _, rest in files}) == len(files)
    return users if has_one_name and is_distinct and _share(CANVAS, names) else set()
