"""Reads the list of a class, as an LMS, a spreadsheet or a person writes it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

from grader.batch.discovery.identity import (
    plain_key,
    safe_id,
    shown,
    without_invisible_ends,
)
from grader.batch.discovery.students import Roster, Student, TellKind
from grader.errors import SubmissionError, UsageError
from grader.language import Text
from grader.submission.encoding import decode_source
from grader.submission.file import read_regular_file

__all__ = ["Roster", "read_roster"]

_MAX_BYTES: Final = 20 * 1024 * 1024
# How the files of Excel begin, new and old.
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_HIGH_BYTES: Final = re.compile(rb"[\x80-\xff]+")
_MAX_LISTED: Final = 5
_DELIMITERS: Final = (",", ";", "\t")

_Column = Literal[
    "id", "email", "login", "alias", "participant", "canvas", "name", "first", "last", "status"
]
_HEADERS: Final[dict[_Column, str]] = {
    "id": "student studentid studentnumber studentno id idnumber sid sisuserid sisid userid "
    "universityid matriculationnumber 学号 学生 学生编号 编号",
    "name": "name fullname studentname displayname 姓名 名字 学生姓名 全名",
    "first": "firstname givenname first forename 名",
    "last": "lastname surname familyname last 姓",
    "email": "email emailaddress mail 邮箱 电子邮件 电子邮箱 电邮 邮件地址 电子邮件地址",
    "login": "login username user github githubusername githublogin gituser gitusername "
    "sisloginid 用户名 账号",
    "alias": "alias aliases othernames aka 别名",
    "participant": "participant participantid identifier 标识符 标识",
    "canvas": "canvasid canvasuserid",
    "status": "status 状态",
}
_COLUMNS: Final[dict[str, _Column]] = {
    header: column for column, headers in _HEADERS.items() for header in headers.split()
}
# Where there is no id, students are called by the first of these that each of them has.
_IDS: Final[tuple[_Column, ...]] = ("id", "login", "email", "canvas", "name")
_TOLD: Final[tuple[TellKind, ...]] = (
    "id", "email", "login", "alias", "participant", "canvas", "name",
)  # fmt: skip
_PARTICIPANT: Final = re.compile(r"\D*?(\d+)")
# What Moodle puts between ` - ` into the status, in English and Chinese: `2 hours 3 mins late`.
_LATE: Final = re.compile(r"\d.* late|迟.*\d.*")
_TEXT_FORMULA: Final = re.compile(r'="([^"]*)"')
_TEST_STUDENT: Final = frozenset({"student, test", "test student"})
_POINTS_POSSIBLE: Final = "points possible"
_MANUAL_POSTING: Final = "Manual Posting"

_SAVE_AS_CSV: Final = Text(
    en="Open it in a spreadsheet, and save it as CSV UTF-8 (comma delimited).",
    zh="请用电子表格软件打开它，另存为 CSV UTF-8（逗号分隔）。",
)


class _Row(NamedTuple):
    line: int
    cells: dict[_Column, list[str]]


def read_roster(path: Path) -> Roster:
    """Read a roster: a CSV with a header, in UTF-8, GBK or UTF-16, with commas, `;` or tabs.

    The gradebook of Canvas, the grading worksheet of Moodle and the roster of GitHub Classroom can
    be used as they are. The student's id is the column `student`, `id` or the like; where there is
    none, the login, the address or the name, whichever each row has.

    Raises:
        UsageError: The file cannot be read, has no header that is known, or rows without an id or
            with the id of another; the message names their lines.
    """
    text = _text(path)
    rows = list(_rows(path, text))
    if not rows:
        raise UsageError(
            Text(en=f"{path} lists no students", zh=f"{path} 中没有学生"),
            hint=Text(
                en="Below the header, give a line for each student.",
                zh="请在表头之下为每个学生写一行。",
            ),
        )
    column = _id_column(rows)
    students = [_student(row, column) for row in rows]
    missing = [row.line for row, student in zip(rows, students, strict=True) if student is None]
    if missing:
        raise _without_id(path, missing)
    named = [student for student in students if student is not None]
    _check_unique(path, named)
    return Roster(named)


def _text(path: Path) -> str:
    try:
        data = read_regular_file(path, _MAX_BYTES)
        if data.startswith(_WORKBOOKS):
            raise _is_workbook(path)
        decoded = decode_source(data, path, has_cookie=False)
        if decoded.notes and _is_western(data):
            raise _no_encoding(path)
    except SubmissionError as error:
        raise UsageError(error.message, hint=_SAVE_AS_CSV) from error
    return decoded.text


def _is_western(data: bytes) -> bool:
    """Tell whether letters such as é stand between others, one byte each, and not pairs for 中."""
    if b"\0" in data:
        # UTF-16.
        return False
    runs = _HIGH_BYTES.findall(data)
    return sum(len(run) % 2 for run in runs) * 2 > len(runs)


def _rows(path: Path, text: str) -> Iterator[_Row]:
    # Not all that Python takes for an end of line is one for a spreadsheet.
    lines = [f"{line}\n" for line in text.split("\n")]
    first = 0
    # Spreadsheets understand this line, and some write it.
    declared = re.fullmatch(r"sep=(.)\s*", lines[0])
    if declared:
        first = 1
    header = lines[first] if len(lines) > first else ""
    delimiter = declared[1] if declared else max(_DELIMITERS, key=header.count)
    # Not strict, a quotation mark that is never closed would swallow all students below it.
    reader = csv.reader(lines[first:], delimiter=delimiter, skipinitialspace=False, strict=True)
    line = first
    try:
        names = next(reader, [])
        columns = _columns(path, names)
        is_canvas = _is_canvas_gradebook(_keys(names))
        line = first + reader.line_num
        for cells in reader:
            line = first + reader.line_num
            row = _row(path, line, columns, cells)
            if row is not None and not (is_canvas and "canvas" not in row.cells):
                yield row
    except csv.Error as error:
        raise _no_csv(path, line + 1, error) from error


def _keys(header: Sequence[str]) -> list[str]:
    return [re.sub(r"[\W_]", "", name).casefold() for name in header]


def _is_canvas_gradebook(keys: Iterable[str]) -> bool:
    """Tell it by its columns; its rows without Canvas's own number, in `ID`, are no students."""
    return "id" in keys and not {"sisuserid", "sisloginid"}.isdisjoint(keys)


def _columns(path: Path, header: Sequence[str]) -> list[_Column | None]:
    keys = _keys(header)
    columns = [_COLUMNS.get(key) for key in keys]
    special: dict[str, _Column] = {}
    if columns.count("id") > 1:
        # Beside a number, the student is a name.
        special["student"] = "name"
    if _is_canvas_gradebook(keys):
        special["id"] = "canvas"
    if not {"status", "grade", "maximumgrade"} & set(keys):
        # In Moodle's worksheet it is the participant's number; elsewhere what the instructor chose.
        special["identifier"] = "id"
    columns = [special.get(key, column) for key, column in zip(keys, columns, strict=True)]
    if not set(columns) & {*_IDS, "last"}:
        raise _no_header(path)
    return columns


def _row(path: Path, line: int, columns: list[_Column | None], cells: list[str]) -> _Row | None:
    """Sort a row's cells by what they say; None for a row that is no student."""
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise UsageError(
            Text(
                en=f"{path}, line {line}: more cells than the header has",
                zh=f"{path} 第 {line} 行：单元格多于表头",
            ),
            hint=Text(
                en="Put text that holds the separator into double quotes.",
                zh="请把含有分隔符的文字放入双引号。",
            ),
        )
    said: dict[_Column, list[str]] = {}
    for column, cell in zip(columns, cells, strict=False):
        value = _plain_value(cell)
        if column is not None and value:
            said.setdefault(column, []).extend(_values(column, value))
    _add_full_names(said)
    return None if _is_nobody(said, cells) else _Row(line, said)


def _is_nobody(said: dict[_Column, list[str]], cells: list[str]) -> bool:
    """Tell rows of Canvas's gradebook that stand for no student."""
    if not said:
        return _MANUAL_POSTING in cells
    names = {name.lower() for name in said.get("name", ())}
    return any(name in _TEST_STUDENT or name.startswith(_POINTS_POSSIBLE) for name in names)


def _plain_value(cell: str) -> str:
    """Give what a cell says; `="00123"` is how spreadsheets are made to keep leading zeros."""
    value = without_invisible_ends(cell)
    formula = _TEXT_FORMULA.fullmatch(value)
    return formula[1].strip() if formula else value


def _values(column: _Column, cell: str) -> list[str]:
    if column == "alias":
        return [alias for part in re.split(r"[|;,]", cell) if (alias := part.strip())]
    if column == "participant":
        number = _PARTICIPANT.fullmatch(cell)
        return [number[1]] if number else []
    if column == "status":
        return ["late"] if any(map(_LATE.fullmatch, cell.split(" - "))) else []
    if column == "name" and cell.count(",") == 1:
        # `Lovelace, Ada`: downloads have it in either order.
        last, first = (part.strip() for part in cell.split(","))
        return [cell, f"{first} {last}"]
    return [cell]


def _add_full_names(said: dict[_Column, list[str]]) -> None:
    first, last = said.pop("first", []), said.pop("last", [])
    if first or last:
        names = [" ".join([*first, *last]), " ".join([*last, *first])]
        said.setdefault("name", []).extend(names)


def _id_column(rows: list[_Row]) -> _Column:
    if any("id" in row.cells for row in rows):
        return "id"
    for column in _IDS:
        if all(column in row.cells for row in rows):
            return column
    # None has all; then the one that most have, so that the fewest lines are complained about.
    return max(_IDS, key=lambda column: sum(column in row.cells for row in rows))


def _student(row: _Row, column: _Column) -> Student | None:
    values = row.cells.get(column)
    identity = safe_id(values[0]) if values else None
    if identity is None:
        return None
    told = tuple((kind, value) for kind in _TOLD for value in row.cells.get(kind, ()))
    return Student(identity, row.line, told, is_late=bool(row.cells.get("status")))


def _check_unique(path: Path, students: list[Student]) -> None:
    lines: dict[str, list[Student]] = {}
    for student in students:
        lines.setdefault(plain_key(student.id), []).append(student)
    for same in lines.values():
        if len(same) > 1:
            listed = _listed([student.line for student in same])
            name = shown(same[0].id)
            raise UsageError(
                Text(
                    en=f"{path}: lines {listed} have the same id {name}",
                    zh=f"{path}：第 {listed} 行的学号相同：{name}",
                ),
                hint=Text(
                    en="Give each student one line, and ids that differ in more than case.",
                    zh="请为每个学生只写一行；学号不能只有大小写不同。",
                ),
            )


def _listed(lines: list[int]) -> str:
    more = ", …" if len(lines) > _MAX_LISTED else ""
    return ", ".join(map(str, lines[:_MAX_LISTED])) + more


def _without_id(path: Path, lines: list[int]) -> UsageError:
    return UsageError(
        Text(
            en=f"{path}: no id in line {_listed(lines)}",
            zh=f"{path}：第 {_listed(lines)} 行没有学号",
        ),
        hint=Text(
            en="Fill in the column that holds the students' ids.",
            zh="请填写学号所在的列。",
        ),
    )


def _no_header(path: Path) -> UsageError:
    return UsageError(
        Text(
            en=f"{path}: the first line names no column that is known",
            zh=f"{path}：第一行没有可识别的列名",
        ),
        hint=Text(
            en="Begin with a line such as: student,name,email,github,aliases",
            zh="第一行请写成：student,name,email,github,aliases",
        ),
    )


def _no_csv(path: Path, line: int, error: csv.Error) -> UsageError:
    return UsageError(
        Text(
            en=f"{path}, in the row that begins in line {line}: {error}",
            zh=f"{path} 中从第 {line} 行开始的一行有误：{error}",
        ),
        hint=Text(
            en="Close each quotation mark, and write one within a cell twice.",
            zh="请让引号成对；单元格内的引号要写两次。",
        ),
    )


def _no_encoding(path: Path) -> SubmissionError:
    return SubmissionError(
        Text(en=f"{path} is neither UTF-8 nor GBK", zh=f"{path} 既不是 UTF-8，也不是 GBK 编码"),
    )


def _is_workbook(path: Path) -> UsageError:
    return UsageError(
        Text(en=f"{path} is a workbook, not a CSV file", zh=f"{path} 是工作簿，而不是 CSV 文件"),
        hint=Text(
            en="Open it, and save it as CSV (comma delimited); any encoding of Excel's will do.",
            zh="请打开它并另存为 CSV（逗号分隔）；Excel 的任何一种编码都可以。",
        ),
    )
