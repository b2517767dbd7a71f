"""Settles which student each owner is. What cannot be settled is listed, never guessed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final, NamedTuple

from grader.batch.discovery.identity import plain_key, safe_id, shown
from grader.batch.discovery.layouts import LayoutName
from grader.batch.discovery.owners import Owner
from grader.batch.discovery.students import Known, Roster
from grader.language import Text

__all__ = ["Settled", "Sighting", "settle"]

# Downloads give each person one name, so that two names are two people.
_ONE_NAME_EACH: Final = frozenset({"moodle", "canvas", "gradescope", "git"})


class Sighting(NamedTuple):
    """An owner of something in one source."""

    source: int
    layout: LayoutName
    owner: Owner


class Settled(NamedTuple):
    """The student, or why it is not known which."""

    student: str | None
    message: Text | None = None
    hint: Text | None = None
    could_be: tuple[str, ...] = ()
    """Where it is not known: the students that it may be."""

    @property
    def students(self) -> tuple[str, ...]:
        """Whose it is, or may be."""
        return self.could_be if self.student is None else (self.student,)


def settle(sightings: Iterable[Sighting], roster: Roster | None) -> dict[Sighting, Settled]:
    """Find the student for each owner.

    With a roster only its students count. Without one the names that were found become ids; two
    that would be one folder on some system are neither.
    """
    distinct = list(dict.fromkeys(sightings))
    return _by_label(distinct) if roster is None else _by_roster(distinct, roster)


def _by_roster(sightings: list[Sighting], roster: Roster) -> dict[Sighting, Settled]:
    known = {sighting: roster.know(sighting.owner.all_keys) for sighting in sightings}
    claimed: dict[tuple[int, str], list[Sighting]] = {}
    for sighting, match in known.items():
        if len(match.students) == 1 and match.disagrees is None:
            claimed.setdefault((sighting.source, match.students[0]), []).append(sighting)
    settled = {sighting: _of_known(sighting, match) for sighting, match in known.items()}
    for (_, student), rivals in claimed.items():
        people = {_person(rival, _logins(roster, student, rival)) for rival in rivals}
        if len(people) > 1 and any(
            known[rival].by_name or rival.layout in _ONE_NAME_EACH for rival in rivals
        ):
            settled |= dict.fromkeys(rivals, _rivals(rivals, student))
    return settled


def _person(sighting: Sighting, logins: frozenset[str]) -> Owner | frozenset[str]:
    """Return what is the same in all that one source has of a person.

    Of clones it is the login, whatever precedes it in one assignment or another.
    """
    return logins if sighting.layout == "git" else sighting.owner


def _logins(roster: Roster, student: str, sighting: Sighting) -> frozenset[str]:
    """Return by which of an owner's names the roster knows a student."""
    keys = (key for key in sighting.owner.keys if student in roster.know([key]).students)
    return frozenset(plain_key(key.value) for key in keys)


def _of_known(sighting: Sighting, known: Known) -> Settled:
    name = _called(sighting)
    if known.disagrees == "participant":
        return Settled(None, *_another_name(name), known.students)
    if known.disagrees == "login":
        return Settled(None, *_another_login(name, known.students), known.students)
    if len(known.students) == 1:
        return Settled(known.students[0])
    if known.students:
        return Settled(None, *_several(name, known), known.students)
    return Settled(None, *_unknown(name))


def _by_label(sightings: list[Sighting]) -> dict[Sighting, Settled]:
    settled: dict[Sighting, Settled] = {}
    same: dict[str, list[Sighting]] = {}
    for sighting in sightings:
        student = safe_id(sighting.owner.label) if sighting.owner.is_sure else None
        if student is None:
            settled[sighting] = Settled(None, *_unsure(shown(sighting.owner.label)))
        else:
            settled[sighting] = Settled(student)
            same.setdefault(plain_key(student), []).append(sighting)
    for rivals in same.values():
        if _collide(rivals):
            settled |= dict.fromkeys(rivals, _rivals(rivals, safe_id(rivals[0].owner.label) or ""))
    return settled


def _collide(rivals: list[Sighting]) -> bool:
    """Tell whether different names came to one id.

    Within a source they are compared as they stand. Between sources an accent may be written in
    two ways, as a Mac and the rest of the world do.
    """
    labels = {unicodedata.normalize("NFC", rival.owner.label).strip() for rival in rivals}
    within = {(rival.source, _person(rival, frozenset({rival.owner.label}))) for rival in rivals}
    sources = {rival.source for rival in rivals}
    return len(labels) > 1 or len(within) > len(sources)


def _called(sighting: Sighting) -> str:
    """Return what messages call an owner; on Gradescope, two people can give one number."""
    label = sighting.owner.label
    others = [key.value for key in sighting.owner.keys if key.value != label]
    if sighting.layout != "gradescope" or not others:
        return shown(label)
    return shown(f"{label} ({', '.join(others)})")


def _rivals(rivals: list[Sighting], student: str) -> Settled:
    names = " / ".join(dict.fromkeys(map(_called, rivals)))
    message = Text(
        en=f"{names}: several owners would be the one student {shown(student)}",
        zh=f"{names}：多个提交者会对应同一名学生 {shown(student)}",
    )
    hint = Text(
        en="Correct the name or number of one of them, or give a roster that tells them apart by "
        "number, address or aliases.",
        zh="请更正其中一个的名称或编号，或提供能用编号、邮箱或别名区分他们的名单。",
    )
    return Settled(None, message, hint, (student,))


def _unknown(name: str) -> tuple[Text, Text]:
    return (
        Text(en=f"{name} is not in the roster", zh=f"名单中没有 {name}"),
        Text(
            en="Add the student, or add this name to the student's aliases.",
            zh="请在名单中加入该学生，或把这个名称加入该学生的别名。",
        ),
    )


_ADD: Final = Text(
    en="Add this name to the aliases of the right one, or the number to the roster.",
    zh="请把这个名称加入正确学生的别名，或在名单中补充其编号。",
)
_CORRECT: Final = Text(
    en="Not all that it says of its owner leads to the same student: correct what is wrong, here "
    "or in the roster.",
    zh="其中关于提交者的各项内容对应不同的学生：请在此处或在名单中更正有误的一项。",
)


def _several(name: str, known: Known) -> tuple[Text, Text]:
    listed = ", ".join(map(shown, known.students))
    return (
        Text(
            en=f"{name} could be any of these students: {listed}",
            zh=f"{name} 可能是以下学生之一：{listed}",
        ),
        _ADD if known.by_name else _CORRECT,
    )


def _another_login(name: str, students: tuple[str, ...]) -> tuple[Text, Text]:
    listed = ", ".join(map(shown, students))
    return (
        Text(
            en=f"{name}: the roster gives another login to {listed}, who has this number or name",
            zh=f"{name}：{listed} 的学号或姓名与此相同，但名单中登记的是另一个账号",
        ),
        Text(
            en="If it is theirs, correct the login in the roster, or add this name to the "
            "student's aliases.",
            zh="如果确实属于该学生，请更正名单中的账号，或把这个名称加入该学生的别名。",
        ),
    )


def _another_name(name: str) -> tuple[Text, Text]:
    return (
        Text(
            en=f"{name}: the roster has another name for this participant's number",
            zh=f"{name}：名单中该参与者编号对应的是另一个姓名",
        ),
        Text(
            en="Moodle counts participants anew in each assignment: use the grading worksheet of "
            "this one, or a roster without participants.",
            zh="Moodle 在每个作业中重新编号参与者：请使用本作业的评分表，或不含参与者编号的名单。",
        ),
    )


def _unsure(name: str) -> tuple[Text, Text]:
    return (
        Text(en=f"{name} does not name one student", zh=f"无法从 {name} 确定是哪一名学生"),
        Text(
            en="Give a roster, or put the file into a folder with the student's name.",
            zh="请提供名单，或把文件放入以学生命名的文件夹。",
        ),
    )
