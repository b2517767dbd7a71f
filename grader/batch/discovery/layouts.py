"""The forms in which submissions come: which one a source has, and whose its files are."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, Literal, NamedTuple

from grader.batch.discovery.identity import shown
from grader.batch.discovery.listing import Listing, Parts, RefusedError
from grader.batch.discovery.names import Exercises, archive_stem, is_archive
from grader.batch.discovery.owners import Key, Owner
from grader.batch.discovery.submitters import Submitter
from grader.language import Text

__all__ = ["CANVAS", "LAYOUTS", "MOODLE", "Claim", "ClaimOf", "LayoutName", "claims_of"]

LayoutName = Literal["folders", "files", "moodle", "canvas", "gradescope", "git", "nbgrader"]
LAYOUTS: Final[tuple[LayoutName, ...]] = (
    "folders",
    "files",
    "moodle",
    "canvas",
    "gradescope",
    "git",
    "nbgrader",
)

# Moodle replaces underscores in names by spaces; therefore the first place that fits is Moodle's,
# and a later one part of a name that a student chose for a file.
MOODLE: Final = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?:file|onlinetext)(?:_(?P<rest>.*))?",
    re.DOTALL,
)
# Canvas keeps letters, digits and underscores of a name, in lower case.
CANVAS: Final = re.compile(
    r"(?:(?P<name>\w+?)_(?P<late>LATE_)?(?P<user>\d+)|(?P<later>LATE_)?(?P<anon>anon_[A-Za-z0-9]+))"
    r"_(?P<file>\d+)_(?P<rest>.+)",
    re.DOTALL,
)


class Claim(NamedTuple):
    """What the place of a file says about it."""

    owners: tuple[Owner, ...]
    name: str
    """The name that the student gave to the file."""
    late: bool = False
    order: int = 0
    """Of two files, the newer one has the higher number."""


ClaimOf = Callable[[Parts], Claim]
"""Takes the way to a file below the layout's root.

Raises:
    RefusedError: The place does not say whose the file is.
"""


def claims_of(
    layout: LayoutName,
    exercises: Exercises,
    listing: Listing,
    root: Parts,
    submitters: Mapping[str, tuple[Submitter, ...] | None],
) -> ClaimOf:
    """Return what says whose a file is."""

    def in_folders(parts: Parts) -> Claim:
        return _by_folder(parts, exercises)

    def in_moodle(parts: Parts) -> Claim:
        return _by_moodle(parts, of_groups=of_groups)

    def in_export(parts: Parts) -> Claim:
        return _by_metadata(parts, submitters)

    def in_files(parts: Parts) -> Claim:
        return _by_file(parts, exercises)

    of_groups = _are_of_groups(listing.tops(root))
    ways: dict[LayoutName, ClaimOf] = {
        "folders": in_folders,
        "nbgrader": in_folders,
        "files": in_files,
        "moodle": in_moodle,
        "canvas": _by_canvas,
        "gradescope": in_export,
    }
    if layout != "git":
        return ways[layout]
    clones = [name for name, is_folder in listing.tops(root).items() if is_folder]
    owners = _owners_of_clones(clones, exercises)
    return lambda parts: _by_clone(parts, owners)


def _by_folder(parts: Parts, exercises: Exercises) -> Claim:
    top = parts[0]
    if len(parts) == 1 or is_archive(top):
        return _by_file(parts, exercises)
    if exercises.is_name(top):
        raise _exercise_folder(top)
    return Claim((_chosen(top),), parts[-1])


def _by_file(parts: Parts, exercises: Exercises) -> Claim:
    """Take the owner from a file's name, or from that of the archive in which it lies."""
    naming = next((part for part in parts if is_archive(part)), parts[-1])
    stem = archive_stem(naming) if is_archive(naming) else naming
    match = exercises.match(naming)
    if match is None and is_archive(naming) and not exercises.several(naming):
        return Claim((_chosen(stem),), parts[-1])
    names = [side for side in (match.before, match.behind) if side] if match else []
    if not names:
        raise _nobody_named(naming)
    # With a roster, the side that it knows; without one, two sides are one too many.
    keys = tuple(Key("any", name) for name in names)
    owner = Owner(names[0], keys) if len(names) == 1 else Owner(stem, keys, is_sure=False)
    return Claim((owner,), parts[-1])


def _are_of_groups(names: Iterable[str]) -> bool:
    """Tell whether Moodle can have put a group's name before each student's: `Team 1-Ada_12`.

    It does so for all of an assignment of groups, also for who is in none, and else for nobody.
    """
    matches = [match for name in names if (match := MOODLE.fullmatch(name))]
    return all("-" in match["name"] for match in matches)


def _by_moodle(parts: Parts, *, of_groups: bool) -> Claim:
    match = MOODLE.fullmatch(parts[0])
    if match is None or match["id"] is None:
        raise _not_of(parts[0], "Moodle")
    name = parts[-1] if len(parts) > 1 else (match["rest"] or parts[0])
    names = [match["name"]]
    if of_groups:
        # The dash may be one within the group's name or the student's.
        names += [names[0][dash.end() :] for dash in re.finditer("-", names[0])]
    keys = (Key("participant", match["id"]), *(Key("name", name) for name in names if name))
    return Claim((Owner(f"{match['name']}_{match['id']}", keys),), name)


def _by_canvas(parts: Parts) -> Claim:
    match = CANVAS.fullmatch(parts[0])
    if match is None:
        raise _not_of(parts[0], "Canvas")
    if match["anon"]:
        owner = Owner(match["anon"], (Key("any", match["anon"]),))
    else:
        keys = (Key("canvas", match["user"]), Key("name", match["name"]))
        owner = Owner(f"{match['name']}_{match['user']}", keys)
    return Claim(
        (owner,),
        match["rest"] if len(parts) == 1 else parts[-1],
        late=bool(match["late"] or match["later"]),
        order=int(match["file"][:18]),
    )


def _by_metadata(parts: Parts, submitters: Mapping[str, tuple[Submitter, ...] | None]) -> Claim:
    people = submitters.get(parts[0])
    named = [person for person in people or () if any(person)]
    if not named or len(named) != len(people or ()):
        raise _no_submitters(parts[0])
    return Claim(tuple(_submitter(person) for person in named), parts[-1])


def _submitter(person: Submitter) -> Owner:
    said = (Key("id", person.sid), Key("email", person.email), Key("name", person.name))
    keys = tuple(key for key in said if key.value)
    return Owner(keys[0].value, keys)


def _by_clone(parts: Parts, owners: Mapping[str, Owner]) -> Claim:
    owner = owners.get(parts[0])
    if owner is None:
        raise _nobody_named(parts[0])
    return Claim((owner,), parts[-1])


def _chosen(name: str) -> Owner:
    return Owner(name, (Key("any", name),))


def _owners_of_clones(folders: Collection[str], exercises: Exercises) -> dict[str, Owner]:
    """Return the owner of each clone, called by what is likeliest to be the login.

    The assignment's name and a dash stand before it. They are what the clones of one assignment
    have in common; where their owners have more in common, a roster settles it, but for a login
    that two clones could have.
    """
    owners: dict[str, Owner] = {}
    groups: dict[str, list[str]] = {}
    for name in folders:
        match = exercises.match(f"{name}.py")
        groups.setdefault(match.exercise if match else "", []).append(name)
    for exercise, names in groups.items():
        shared = _common_start(names) if len(names) > 1 else ""
        if len(names) == 1 and exercise and (prefix := exercises.prefix_of(names[0])):
            shared = prefix
        cuts = [index + 1 for index, c in enumerate(shared) if c == "-"]
        logins = {
            name: [name[cut:] for cut in reversed(cuts) if name[cut:]] or [name] for name in names
        }
        clones_of = Counter(itertools.chain.from_iterable(logins.values()))
        for name, possible in logins.items():
            keys = tuple(Key("login", login) for login in possible if clones_of[login] == 1)
            owners[name] = Owner(possible[0], keys)
    return owners


def _common_start(names: Collection[str]) -> str:
    first, last = min(names), max(names)
    alike = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(pair[0] for pair in alike)


def _exercise_folder(name: str) -> RefusedError:
    return RefusedError(
        Text(
            en=f"{shown(name)} is named for an exercise, not for a student",
            zh=f"{shown(name)} 是练习的名称，而不是学生的名称",
        ),
        hint=Text(
            en="Name each such folder as a source of its own.",
            zh="请把每个这样的文件夹单独作为来源。",
        ),
    )


def _nobody_named(name: str) -> RefusedError:
    return RefusedError(
        Text(
            en=f"{shown(name)} does not say whose it is",
            zh=f"{shown(name)} 没有说明属于哪位学生",
        ),
        hint=Text(
            en="Put it into a folder with the student's name, or name it as in ada_ex03.py.",
            zh="请放入以学生命名的文件夹，或命名为 ada_ex03.py 这样的形式。",
        ),
    )


def _not_of(name: str, system: str) -> RefusedError:
    return RefusedError(
        Text(
            en=f"{shown(name)} is not named as {system} names things, so that its owner is unknown",
            zh=f"{shown(name)} 不符合 {system} 的命名方式，无法确定属于谁",
        ),
        hint=Text(
            en="Move it to a folder with the student's name, and name that folder's parent as a "
            "further source.",
            zh="请移入以学生命名的文件夹，并把其上级文件夹作为另一个来源。",
        ),
    )


def _no_submitters(name: str) -> RefusedError:
    return RefusedError(
        Text(
            en=f"submission_metadata.yml does not say who handed in {shown(name)}",
            zh=f"submission_metadata.yml 没有说明 {shown(name)} 是谁提交的",
        ),
        hint=Text(
            en="Look it up on Gradescope, and grade that file by itself.",
            zh="请在 Gradescope 上查明，再单独为该文件评分。",
        ),
    )
