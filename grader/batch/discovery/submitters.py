"""Reads who handed in what from Gradescope's export.

`submission_metadata.yml` is written by one program in one form: a mapping of submissions, each a
mapping with the list `:submitters:` of `:name:`, `:sid:` and `:email:`. Only these lines are read,
and nothing of the results, the history and the students' output below them, so that no YAML
library is needed. YAML indents whatever a value holds deeper than its key; therefore no output can
pass for a key. A list in any other form is said to be unreadable, never interpreted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from grader.errors import UsageError
from grader.language import Text

__all__ = ["Submitter", "read_submitters"]

_KEY: Final = r"""(?:"(?P<double>[^"\\]*)"|'(?P<single>[^']*)'|(?P<plain>:?[\w.-]+)):"""
_TOP: Final = re.compile(rf"{_KEY}\s*$")
_SECOND: Final = re.compile(rf" {{1,8}}{_KEY}(?P<rest>(?:\s.*)?)$")
_ITEM: Final = re.compile(rf"(?P<indent> {{1,16}})(?P<dash>- +)?{_KEY}(?:\s+(?P<value>.*))?$")
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|U([0-9A-Fa-f]{8})|.)")
_PLAIN_VALUE: Final = re.compile(r"(?:[^\s!&*|>'\"%@`{}\[\],#?-]|-(?=\S))(?:(?! #).)*")


class Submitter(NamedTuple):
    """One person who handed in, alone or with others."""

    name: str
    sid: str
    """The number that the school gave; may be empty."""
    email: str


def read_submitters(text: str) -> dict[str, tuple[Submitter, ...] | None]:
    """Return the submitters of each submission, such as `submission_409194023`.

    Returns:
        Of each submission its submitters, perhaps none; None where they cannot be read.

    Raises:
        UsageError: The file holds no submission at all.
    """
    submitters: dict[str, tuple[Submitter, ...] | None] = {}
    for name, lines in _blocks(text):
        submitters[name] = None if name in submitters else _submitters(lines)
    if not submitters:
        raise UsageError(
            Text(
                en="submission_metadata.yml holds no submissions in the form that is known",
                zh="submission_metadata.yml 中没有可识别的提交记录",
            ),
            hint=Text(
                en="Export the submissions from Gradescope again.",
                zh="请从 Gradescope 重新导出提交。",
            ),
        )
    return submitters


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Split the file into its submissions."""
    name, lines = None, list[str]()
    for line in text.splitlines():
        if line[:1] in {" ", "-", "#", ""}:
            lines.append(line)
            continue
        if name is not None:
            yield name, lines
        top = _TOP.match(line)
        name, lines = (_text_of(top) if top else None), []
    if name is not None:
        yield name, lines


def _submitters(lines: list[str]) -> tuple[Submitter, ...] | None:
    """Read the list of one submission."""
    depth = min((_depth(line) for line in lines if line.strip()), default=0)
    starts = [
        (number, match)
        for number, line in enumerate(lines)
        if _depth(line) == depth
        and (match := _SECOND.match(line))
        and _text_of(match).strip(":") == "submitters"
    ]
    if len(starts) != 1:
        return None
    number, match = starts[0]
    rest = match["rest"].strip()
    if rest:
        return () if rest == "[]" else None
    return _people(lines[number + 1 :], depth)


def _people(lines: list[str], depth: int) -> tuple[Submitter, ...] | None:
    people: list[dict[str, str]] = []
    column = -1
    for line in lines:
        is_item = line.lstrip(" ").startswith("- ")
        if _depth(line) < depth or (_depth(line) == depth and not is_item):
            break
        field = _ITEM.match(line)
        value = _scalar(field["value"] or "") if field else None
        if field is None or value is None:
            return None
        if field["dash"]:
            column = len(field["indent"]) + len(field["dash"])
            people.append({})
        elif len(field["indent"]) != column:
            return None
        key = _text_of(field).strip(":")
        if key in people[-1]:
            return None
        people[-1][key] = value
    return tuple(
        Submitter(*(person.get(key, "") for key in Submitter._fields)) for person in people
    )


def _scalar(value: str) -> str | None:
    """Return a value that stands on one line, or None for any other."""
    value = value.strip()
    if value in {"", "~", "null"}:
        return ""
    if value[0] == "'":
        inner = value[1:-1].replace("''", "\0")
        closed = len(value) > 1 and value[-1] == "'" and "'" not in inner
        return inner.replace("\0", "'") if closed else None
    if value[0] == '"':
        return _double_quoted(value)
    return value if _PLAIN_VALUE.fullmatch(value) else None


def _double_quoted(value: str) -> str | None:
    r"""Return a value in double quotes; its usual escapes are those of JSON, \xNN, \UNNNNNNNN."""
    try:
        text = json.loads(_ESCAPE.sub(_escape_of_json, value))
    except (ValueError, OverflowError):
        # The number of no character, among others.
        return None
    return text if isinstance(text, str) else None


def _escape_of_json(match: re.Match[str]) -> str:
    number = match[1] or match[2]
    return json.dumps(chr(int(number, 16)))[1:-1] if number else match[0]


def _text_of(match: re.Match[str]) -> str:
    return match["double"] or match["single"] or match["plain"] or ""


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
