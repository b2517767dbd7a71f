"""Who was expected and what came late: what a gradebook says beyond the reports.

It lies beside the gradebook, so that a gradebook that is rebuilt says the same. Batches of a part
of the class add to it: each corrects what it has looked at, and leaves the rest as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from grader.atomic import write_atomically
from grader.batch.found import Discovery
from grader.batch.reports import encodable
from grader.errors import UsageError
from grader.language import Text

__all__ = [
    "CLASS_LIST_NAME",
    "ClassList",
    "NotGraded",
    "merge_class_list",
    "read_class_list",
    "tell_other_rosters",
    "write_class_list",
]

CLASS_LIST_NAME: Final = "class.json"
_MAX_NAMES: Final = 5


class NotGraded(msgspec.Struct, frozen=True, order=True, array_like=True):
    """Something was handed in that could not be graded."""

    student: str
    exercise: str
    sources: tuple[str, ...]
    """All that the batch read which found it, sorted: one that reads them again knows better."""


class ClassList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has been said about a class, in all batches that wrote one output folder."""

    exercises: tuple[str, ...] = ()
    """The exercises that were graded, sorted; each has a column."""
    rosters: dict[str, tuple[str, ...]] = {}
    """Who was expected to hand in, sorted, by the roster's path; each has a row."""
    late: tuple[tuple[str, str], ...] = ()
    """Student and exercise of the reports on what came late, sorted."""
    not_graded: tuple[NotGraded, ...] = ()
    """What was handed in but could not be graded, sorted; such a student has a row as well."""

    @property
    def students(self) -> tuple[str, ...]:
        """Everyone whom any roster names, sorted."""
        return tuple(sorted({one for students in self.rosters.values() for one in students}))


def read_class_list(out: Path) -> ClassList:
    """Read what was written; where nothing was, nothing is known beyond the reports.

    Raises:
        UsageError: The file is there and cannot be read. A gradebook without it would lose the
            marks for late work without a word.
    """
    path = out / CLASS_LIST_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=ClassList)
    except FileNotFoundError:
        return ClassList()
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            Text(en=f"{path} cannot be read: {error}", zh=f"无法读取 {path}：{error}"),
            hint=Text(
                en="Delete it and repeat the batches that you ran: finished work is not repeated, "
                "and who is missing or late is noted again.",
                zh="请删除它并重新运行原来的各次批量评分：已完成的不会重做，缺交与迟交会重新记录。",
            ),
        ) from error


def merge_class_list(
    former: ClassList,
    exercises: Iterable[str],
    discovery: Discovery,
    *,
    sources: Iterable[Path] = (),
    roster: Path | None = None,
) -> ClassList:
    """Add what a batch has found to what earlier ones said.

    What it did not look at stays. It has looked at each submission that it found, at what its
    sources hold of the exercises that it found any of, and at its roster; a roster or source under
    the same path takes the place of the former one.

    Args:
        former: What earlier batches said.
        exercises: Ids of those that the batch was to grade.
        discovery: What it found.
        sources: Where it looked.
        roster: Where its list of students lies; None without one.
    """
    read = _sorted_once(_place(source) for source in sources)
    expected = {} if roster is None else {_place(roster): _sorted_once(discovery.roster)}
    return ClassList(
        exercises=_sorted_once([*former.exercises, *exercises]),
        rosters=former.rosters | expected,
        late=_late(former, discovery),
        not_graded=_not_graded(former, discovery, read),
    )


def tell_other_rosters(former: ClassList, roster: Path, students: Iterable[str]) -> Text | None:
    """Name those who keep a row although a new list of the class may have left them out.

    Args:
        former: What earlier batches said.
        roster: Where the list lies, which takes the place of a former one there.
        students: Everyone in it.
    """
    here = set(_sorted_once(students))
    others = {
        place: set(expected) - here
        for place, expected in former.rosters.items()
        if place != _place(roster)
    }
    names = sorted(set[str]().union(*others.values()))
    if not names:
        return None
    told = _first_few(names)
    places = _first_few([place for place, left in others.items() if left])
    return Text(
        en=f"in the gradebook from other rosters: {len(names)} ({told}); if one of those no longer "
        f"holds, delete its entry in {CLASS_LIST_NAME}: {places}",
        zh=f"成绩册中另有 {len(names)} 人来自其他名单（{told}）；"
        f"如果其中某份名单已作废，请在 {CLASS_LIST_NAME} 中删除它的条目：{places}",
    )


def write_class_list(out: Path, class_list: ClassList) -> None:
    """Write it beside the gradebook.

    Raises:
        ReportNotWrittenError: The file could not be written.
    """
    content = msgspec.json.format(msgspec.json.encode(class_list), indent=1)
    write_atomically(out / CLASS_LIST_NAME, content + b"\n")


def _late(former: ClassList, discovery: Discovery) -> tuple[tuple[str, str], ...]:
    """Say what came late: a mark belongs to a report, which stands until another is made."""
    found = {_pair(one.student, one.exercise): one.late for one in discovery.found}
    others = {pair for pair in former.late if pair not in found}
    return tuple(sorted(others | {pair for pair, is_late in found.items() if is_late}))


def _not_graded(
    former: ClassList, discovery: Discovery, read: tuple[str, ...]
) -> tuple[NotGraded, ...]:
    found = {_pair(one.student, one.exercise) for one in discovery.found}
    looked_for = {exercise for _, exercise in found}
    others = {
        one
        for one in former.not_graded
        if (one.student, one.exercise) not in found
        and not (one.exercise in looked_for and set(read).issuperset(one.sources))
    }
    return tuple(sorted(others | {NotGraded(*_pair(*one), read) for one in discovery.not_graded}))


def _first_few(names: Sequence[str]) -> str:
    return ", ".join([*names[:_MAX_NAMES], *(["…"] if len(names) > _MAX_NAMES else [])])


def _pair(student: str, exercise: str) -> tuple[str, str]:
    return encodable(student), encodable(exercise)


def _place(path: Path) -> str:
    """Give a path by which a file is known again, wherever the next batch is started."""
    return encodable(str(path.resolve()))


def _sorted_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({encodable(name) for name in names}))
