"""Who was expected and what came late: what a gradebook says beyond the reports.

It lies beside the gradebook, so that a gradebook that is rebuilt says the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from grader.atomic import write_atomically
from grader.batch.reports import encodable
from grader.errors import UsageError
from grader.language import Text

__all__ = [
    "CLASS_LIST_NAME",
    "ClassList",
    "merge_class_list",
    "read_class_list",
    "write_class_list",
]

CLASS_LIST_NAME: Final = "class.json"


class ClassList(msgspec.Struct, frozen=True):
    """What has been said about a class, in all batches that wrote one output folder."""

    exercises: tuple[str, ...] = ()
    """The exercises that were graded, sorted; each has a column."""
    students: tuple[str, ...] = ()
    """Who was expected to hand in, sorted; each has a row."""
    late: tuple[tuple[str, str], ...] = ()
    """Student and exercise of what came late, sorted."""
    not_graded: tuple[tuple[str, str], ...] = ()
    """Student and exercise of what was handed in but could not be graded, sorted; such a student
    has a row as well."""


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
                en="Delete it and repeat the batch that you ran: finished work is not repeated, "
                "and who is missing or late is noted again.",
                zh="请删除它并重新运行原来的批量评分：已完成的不会重做，缺交与迟交会重新记录。",
            ),
        ) from error


def merge_class_list(
    former: ClassList,
    exercises: Sequence[str],
    students: Sequence[str],
    late: Collection[tuple[str, str]],
    not_graded: Collection[tuple[str, str]] = (),
) -> ClassList:
    """Add what a batch knows to what earlier ones said.

    What is said about an exercise takes the place of what was; a list of students that of the
    former one, unless it is empty.
    """
    return ClassList(
        exercises=_sorted_once([*former.exercises, *exercises]),
        students=_sorted_once(students) or former.students,
        late=_merged(former.late, exercises, late),
        not_graded=_merged(former.not_graded, exercises, not_graded),
    )


def write_class_list(out: Path, class_list: ClassList) -> None:
    """Write it beside the gradebook.

    Raises:
        ReportNotWrittenError: The file could not be written.
    """
    content = msgspec.json.format(msgspec.json.encode(class_list), indent=1)
    write_atomically(out / CLASS_LIST_NAME, content + b"\n")


def _merged(
    former: Iterable[tuple[str, str]], exercises: Sequence[str], now: Iterable[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    others = [pair for pair in former if pair[1] not in exercises]
    added = [(encodable(student), encodable(exercise)) for student, exercise in now]
    return tuple(sorted({*others, *added}))


def _sorted_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({encodable(name) for name in names}))
