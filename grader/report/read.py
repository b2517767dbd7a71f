"""Reads a report back from disk, also one that a later version of this program wrote."""

from __future__ import annotations

import functools
import os
import stat
from pathlib import Path
from typing import Final

import msgspec

from grader.errors import ReportUnreadableError
from grader.language import Text
from grader.report.model import SCHEMA_VERSION, Report

__all__ = ["parse_report", "read_bytes", "read_report"]

_MAX_BYTES: Final = 64 * 2**20
"""Far more than a report can hold; a larger file is something else."""
_NOT_JSON: Final = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)

_REPORT: Final = msgspec.json.Decoder(Report)


class _Versioned(msgspec.Struct):
    """What every version of a report has."""

    schema_version: str


_VERSION: Final = msgspec.json.Decoder(_Versioned)


def read_report(path: Path) -> Report:
    """Read a report that `write_report` wrote.

    Raises:
        ReportUnreadableError: There is no such file, or it is no report of this major version.
    """
    return parse_report(read_bytes(path), name=str(path))


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Read a file that is not larger than a report can be.

    Raises:
        ReportUnreadableError: There is no such file, or it is none.
    """
    try:
        facts = os.stat(path)  # noqa: PTH116 - of 40,000 reports, each path would be made in vain
        # A pipe would be waited for, and a disk image would fill the memory.
        if not stat.S_ISREG(facts.st_mode):
            raise _unreadable(str(path), "not a file", "不是文件", hint=_NO_FILE)
        if facts.st_size > _MAX_BYTES:
            raise _unreadable(str(path), "too large for a report", "对报告来说太大")
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - as above
            return file.readall()
    except OSError as error:
        cause = error.strerror or str(error)
        raise _unreadable(str(path), cause, cause, hint=_NO_FILE) from error


def parse_report(content: bytes, *, name: str) -> Report:
    """Decode a report.

    Keys that this version does not know are left out, since a later minor version may add some.

    Args:
        content: JSON, in UTF-8.
        name: What to call the report in an error's message.

    Raises:
        ReportUnreadableError: It is cut off, no report, or one of another major version.
    """
    try:
        return _REPORT.decode(content)
    except _NOT_JSON:
        # The strict way is the quick one. What went wrong is found out on the other.
        return _parse_leniently(content, name)


def _parse_leniently(content: bytes, name: str) -> Report:
    try:
        version = _VERSION.decode(content).schema_version
        if version.partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
            raise _of_another_version(name, version)
        known = _without_unknown_keys(msgspec.json.decode(content), _layout())
        return msgspec.convert(known | {"schema_version": SCHEMA_VERSION}, Report)
    except _NOT_JSON as error:
        raise _unreadable(name, str(error), str(error)) from error


@functools.cache
def _layout() -> msgspec.inspect.Type:
    return msgspec.inspect.type_info(Report)


def _without_unknown_keys(value: object, layout: msgspec.inspect.Type) -> dict[str, object]:
    known = _known(value, layout)
    # The version was read from an object, so this is one.
    assert isinstance(known, dict)  # noqa: S101 - for mypy
    return known


def _known(value: object, layout: msgspec.inspect.Type) -> object:
    """Give the part of plain data that the layout has a place for."""
    if isinstance(layout, msgspec.inspect.UnionType):
        structs = [kind for kind in layout.types if isinstance(kind, msgspec.inspect.StructType)]
        tagged = (kind for kind in structs if _tag_of(value, kind) in (None, kind.tag))
        layout = next(tagged, layout)
    if isinstance(layout, msgspec.inspect.StructType) and isinstance(value, dict):
        types = {field.encode_name: field.type for field in layout.fields}
        if layout.tag_field is not None:
            types[layout.tag_field] = msgspec.inspect.StrType()
        return {key: _known(part, types[key]) for key, part in value.items() if key in types}
    if isinstance(layout, msgspec.inspect.VarTupleType) and isinstance(value, list):
        return [_known(part, layout.item_type) for part in value]
    return value


def _tag_of(value: object, layout: msgspec.inspect.StructType) -> object:
    """Give what tells the kind of a document's object; None where there is one kind only."""
    is_tagged = isinstance(value, dict) and layout.tag_field is not None
    return value.get(layout.tag_field) if is_tagged and isinstance(value, dict) else None


_NO_FILE: Final = Text(
    en="Name a file that `grade exNN --json FILE` or `grade batch` has written.",
    zh="请指定由 `grade exNN --json 文件` 或 `grade batch` 写出的文件。",
)
_DAMAGED: Final = Text(
    en="Delete it and grade the submission again.", zh="请删除它，并重新给该提交评分。"
)


def _unreadable(name: str, en: str, zh: str, *, hint: Text = _DAMAGED) -> ReportUnreadableError:
    return ReportUnreadableError(
        Text(en=f"{name} is no report that can be read: {en}", zh=f"{name} 不是可读的报告：{zh}"),
        hint=hint,
    )


def _of_another_version(name: str, version: str) -> ReportUnreadableError:
    return ReportUnreadableError(
        Text(
            en=f"{name} has the report layout {version!r}; this program reads {SCHEMA_VERSION}",
            zh=f"{name} 的报告格式版本是 {version!r}；本程序读取的是 {SCHEMA_VERSION}",
        ),
        hint=Text(
            en="Use the version of `grade` that wrote it, or grade the submission again.",
            zh="请使用写出该报告的 `grade` 版本，或重新给该提交评分。",
        ),
    )
