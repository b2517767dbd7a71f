"""The students of a class, and what each may be called elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from grader.batch.discovery.identity import name_key, plain_key
from grader.batch.discovery.owners import Key, KeyKind

__all__ = ["Known", "Roster", "Student", "TellKind"]

TellKind = Literal["id", "email", "login", "alias", "participant", "canvas", "name"]
"""The kinds of what a roster says about a student."""

_IndexKind = TellKind | Literal["nickname", "turned"]
# Platforms leave punctuation out of names, so that aliases are compared as names are, too: as
# nicknames. They put the surname in front or behind: a turned name has its last word in front or
# its first one behind.
_INDEXED: Final[dict[TellKind, tuple[_IndexKind, ...]]] = {
    "alias": ("alias", "nickname"),
    "name": ("name", "turned"),
}
_Asked = Mapping[KeyKind, tuple[_IndexKind, ...]]
_ASKED: Final[_Asked] = {
    "any": ("id", "email", "login", "alias"),
    "id": ("id", "login", "alias"),
    "email": ("id", "email", "alias"),
    "login": ("login", "alias"),
    "participant": ("participant",),
    "canvas": ("canvas",),
    "name": ("nickname",),
    "label": ("alias",),
}
# What is asked where nothing above knows anybody. A login that equals a number or a name says
# little: its owner chose it.
_ASKED_LAST: Final[_Asked] = {
    "any": ("name",),
    "login": ("id", "name"),
    "name": ("turned",),
}
# What of an owner is a name: nobody else may have it, and no participant another one.
_NAMES: Final[_Asked] = {"name": ("nickname", "turned"), "label": ("alias",)}


class Student(msgspec.Struct, frozen=True):
    """One student of the roster."""

    id: str
    """Safe as a folder's name."""
    line: int
    """Where the file says so."""
    told: tuple[tuple[TellKind, str], ...]
    """What the columns say, each with its kind."""
    is_late: bool = False
    """Whether Moodle's worksheet says that this participant was late."""


class Known(NamedTuple):
    """What a roster knows about an owner."""

    students: tuple[str, ...]
    """Ids, sorted: one, or none, or several that it could be."""
    by_name: bool = False
    """Whether only a person's name led to it, which two people can share."""
    disagrees: Literal["participant", "login"] | None = None
    """What speaks against it: the number of a student of another name, or another login."""


class Roster:
    """A class."""

    def __init__(self, students: Sequence[Student]) -> None:
        """Take the students."""
        self.students = tuple(students)
        self._index: dict[tuple[_IndexKind, str], set[str]] = {}
        self._with: dict[TellKind, set[str]] = {"login": set(), "name": set()}
        for student in students:
            for kind, value in (("id", student.id), *student.told):
                self._add(kind, value, student.id)
        self._late = {
            (student.id, plain_key(value))
            for student in students
            for kind, value in student.told
            if student.is_late and kind == "participant"
        }

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, sorted."""
        return tuple(sorted(student.id for student in self.students))

    def know(self, keys: Iterable[Key]) -> Known:
        """Return whom the roster knows by any of these keys.

        Numbers, logins and addresses go before names of people, which need not be unique. A name
        that only others have speaks against them.
        """
        asked = list(keys)
        sure = self._led_to(asked, _ASKED)
        if sure:
            return self._agreeing(asked, sure)
        names = self._led_to(asked, _ASKED_LAST)
        wrong = any(key.kind == "login" for key in asked) and bool(names & self._with["login"])
        return Known(tuple(sorted(names)), by_name=True, disagrees="login" if wrong else None)

    def is_late(self, student: str, keys: Iterable[Key]) -> bool:
        """Tell whether what has one of these keys came late, as Moodle's worksheet says.

        That speaks of one assignment, whose participants have their numbers in no other.
        """
        return any(
            (student, plain_key(key.value)) in self._late
            for key in keys
            if key.kind == "participant"
        )

    def _agreeing(self, keys: list[Key], sure: set[str]) -> Known:
        """Return whom numbers led to, with what a name says to it.

        A name of which the roster knows nothing does no harm but to a participant's number: Moodle
        counts participants anew in each assignment, so that with the worksheet of another one every
        number would lead to somebody else.
        """
        named = self._led_to(keys, _NAMES)
        if sure & named:
            return Known(tuple(sorted(sure)))
        is_counted = any(key.kind == "participant" for key in keys)
        wrong = is_counted and bool(sure & self._with["name"])
        return Known(tuple(sorted(sure | named)), disagrees="participant" if wrong else None)

    def _led_to(self, keys: list[Key], asked: _Asked) -> set[str]:
        return {
            student
            for key in keys
            for kind in asked.get(key.kind, ())
            for spelling in _spellings(kind, key.value)
            for student in self._index.get((kind, spelling), ())
        }

    def _add(self, told: TellKind, value: str, student: str) -> None:
        for kind in _INDEXED.get(told, (told,)):
            for spelling in filter(None, _spellings(kind, value)):
                self._with.setdefault(told, set()).add(student)
                self._index.setdefault((kind, spelling), set()).add(student)


def _spellings(kind: _IndexKind, value: str) -> set[str]:
    """Return what two values of a kind have in common, one at least, if they say the same."""
    if kind == "turned":
        words = value.split()
        orders = words, [*words[-1:], *words[:-1]], [*words[1:], *words[:1]]
        return {name_key("".join(order)) for order in orders}
    return {name_key(value) if kind in {"name", "nickname"} else plain_key(value)}
