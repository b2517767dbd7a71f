"""The reports that an output folder holds, one after the other and never all at once."""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Annotated, Final

import msgspec

from grader.batch.output import REPORTS
from grader.errors import GraderError, ReportUnreadableError
from grader.language import Text
from grader.report.grades import Grades, Titles, read_grades, read_titles
from grader.report.read import read_bytes
from grader.seed import MAX_SEED

__all__ = [
    "Entry",
    "StoredReports",
    "UnreadableReport",
    "encodable",
    "is_exercise_id",
    "newest_seed",
]

_SUFFIX: Final = ".json"
_EXERCISE_ID: Final = re.compile(r"ex[0-9]{2}")


class UnreadableReport(msgspec.Struct, frozen=True):
    """A file among the reports that is none; it stops nothing."""

    path: str
    """The file, from the output folder on, with `/`."""
    message: Text
    """What is wrong with it."""


class Entry(msgspec.Struct, frozen=True):
    """What lies there for one student and exercise."""

    student: str
    """The name of the student's folder."""
    exercise: str
    """The name of the file without `.json`, such as `ex03`."""
    report: Grades | None
    """None where the file cannot be read as a report; `problem` says why."""
    late: bool = False
    """Whether the submission came late."""
    problem: UnreadableReport | None = None
    """What is wrong with the file; None where there is a report."""
    titles: Callable[[], Titles] | None = None
    """Reads what exercise and checks are called; None where there is no report.

    Raises:
        ReportUnreadableError: The file has gone, or been damaged, since its grades were read.
    """


class StoredReports:
    """The reports under an output folder.

    Students and exercises are known at once, from the names of folders and files; a report is
    read when its turn comes.
    """

    def __init__(self, out: Path) -> None:
        """List the folder. One that is missing holds no reports."""
        self._out = out
        self._folders = _list_folders(out / REPORTS)
        self.students = tuple(sorted(self._folders))
        """Everyone with a file there, sorted by code point."""
        names = {name for folder in self._folders.values() for name in _list_reports(folder)}
        exercises = {name.removesuffix(_SUFFIX) for name in names}
        self.exercises = tuple(sorted(filter(is_exercise_id, exercises)))
        """All exercises that anyone has a file for, sorted."""

    def of_student(self, student: str, late: Collection[tuple[str, str]] = ()) -> Iterator[Entry]:
        """Read a student's reports, sorted by exercise; none for one who has no folder.

        Args:
            student: The student's id.
            late: Student and exercise of all submissions that came late.
        """
        folder = self._folders.get(student)
        if folder is None:
            return
        place = f"{folder}{os.sep}"
        for name in sorted(_list_reports(folder)):
            exercise = encodable(name.removesuffix(_SUFFIX))
            is_late = (student, exercise) in late
            yield self._read(student, exercise, is_late, place + name)

    def _read(self, student: str, exercise: str, late: bool, path: str) -> Entry:  # noqa: FBT001
        try:
            report = read_grades(path)
            if report.exercise != exercise or not is_exercise_id(exercise):
                raise _misplaced(path, report.exercise)
        except GraderError as error:
            place = encodable(f"{REPORTS}/{student}/{exercise}{_SUFFIX}")
            message = Text(
                en=encodable(error.message.en.replace(path, place)),
                zh=encodable(error.message.zh.replace(path, place)),
            )
            return Entry(student, exercise, None, late, UnreadableReport(place, message))
        return Entry(student, exercise, report, late, None, functools.partial(read_titles, path))


class _Environment(msgspec.Struct):
    seed: Annotated[int, msgspec.Meta(ge=0, le=MAX_SEED)]


class _Seeded(msgspec.Struct):
    """What a seed is read from; the fields are those of `Report`."""

    environment: _Environment


def newest_seed(out: Path) -> int | None:
    """Give the seed of the report that was written last; None without one that can be read."""
    folders = _list_folders(out / REPORTS).values()
    paths = (folder / name for folder in folders for name in _list_reports(folder))
    for path in sorted(paths, key=lambda path: path.lstat().st_mtime_ns, reverse=True):
        with contextlib.suppress(GraderError, msgspec.MsgspecError, ValueError, RecursionError):
            return msgspec.json.decode(read_bytes(path), type=_Seeded).environment.seed
    return None


@functools.lru_cache(maxsize=256)
def is_exercise_id(name: str) -> bool:
    """Say whether a name is that of an exercise, such as `ex03`."""
    return _EXERCISE_ID.fullmatch(name) is not None


def encodable(name: str) -> str:
    """Give a name as text that UTF-8 can hold; names on disk may be any bytes.

    Such bytes are spelt out, so that two names that differ stay different.
    """
    return name.encode(errors="backslashreplace").decode()


def _list_folders(reports: Path) -> dict[str, Path]:
    """Give the folders that hold anything, by the student's id."""
    if not reports.is_dir():
        return {}
    folders = (path for path in reports.iterdir() if path.is_dir())
    return {encodable(path.name): path for path in folders if any(_list_reports(path))}


def _list_reports(folder: Path) -> Iterator[str]:
    # Names with a dot in front are what an interrupted writer left.
    try:
        names = os.listdir(folder)  # noqa: PTH208 - of 5000 folders, each path would be made in vain
    except OSError as error:
        # A gradebook that lacks somebody without a word would be worse than none.
        raise _not_listed(folder, error) from error
    return (name for name in names if name.endswith(_SUFFIX) and not name.startswith("."))


def _not_listed(folder: Path, error: OSError) -> ReportUnreadableError:
    cause = error.strerror or str(error)
    return ReportUnreadableError(
        Text(
            en=f"{folder} could not be listed: {cause}",
            zh=f"无法列出文件夹 {folder}：{cause}",
        ),
        hint=Text(
            en="Correct its permissions, and make the gradebook anew with `grade gradebook`.",
            zh="请修正它的权限，然后用 `grade gradebook` 重新生成成绩册。",
        ),
    )


def _misplaced(path: str, exercise: str) -> ReportUnreadableError:
    return ReportUnreadableError(
        Text(
            en=f"{path} is a report on {exercise!r}, which is not what its name says",
            zh=f"{path} 是关于 {exercise!r} 的报告，与文件名不符",
        ),
        hint=Text(en="Delete it, or give it its name.", zh="请删除它，或改正文件名。"),
    )
