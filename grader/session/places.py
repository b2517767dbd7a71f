"""Places in a submission: the line that a report shows, and what to look at on it.

A worker names lines and columns, and a worker can be made to say anything: a place is given only
where the file that was handed in has it. The file's text is searched, never parsed or run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from grader.language import Text
from grader.report.examination import Where
from grader.session.student import Student
from grader.worker import wire

__all__ = [
    "UNFILLED",
    "Columns",
    "place_of",
    "place_of_definition",
    "place_of_signature",
    "where",
]

_MAX_SOURCE: Final = 400
"""Characters of a line that is still shown; longer ones are data."""
_LINE_END: Final = re.compile(r"\r\n?|\n")
_STRING: Final = re.compile(r'("""|\'\'\')[\s\S]*?(?:\1|\Z)')
_COMMENT: Final = re.compile(r"(?m)(?:^|(?<=\s))#.*$")
_LOOK: Final = re.compile(r"\bLook (?:at|for) (?P<rest>.*)", re.DOTALL)
_CODE: Final = re.compile(r"`([^`]+)`")
_PARAMETER: Final = re.compile(r"\[([^\]]+)\]$")
_CLOSING: Final = tuple(")]}")
_CALL: Final = re.compile(r"(?P<name>[A-Za-z_]\w*)\(\) (?:missing|takes|got) (?P<rest>.*)")
"""How Python says that a call does not fit the `def`."""
UNFILLED: Final = Text(en="Look for `None`.", zh="找找 `None`。")
"""What to look for where a blank of the exercise's was not filled in."""


class Columns(NamedTuple):
    """Characters of a line, from 1."""

    first: int
    end: int | None = None
    """The one after the last; None where only the first is known."""


class _Span(NamedTuple):
    """Lines of a file: `first` from 1, `end` is the one after the last."""

    first: int
    end: int


def place_of(place: wire.Place | None, student: Student) -> Where | None:
    """Turn a line that the worker named into a place in the report."""
    if place is None:
        return None
    line = _line(student, place.line, place.cell) or ""
    columns = None if place.columns is None else _characters(line, place.columns)
    return where(student, place.line, place.cell, columns)


def where(
    student: Student, line: int | None, cell: int | None, columns: Columns | None = None
) -> Where | None:
    """Name a line of the submission; None for one that it does not have."""
    source = None if line is None else _line(student, line, cell)
    if line is None or source is None:
        return None
    name = student.submission.path.replace("\\", "/").rpartition("/")[2]
    if not source.strip() or len(source) > _MAX_SOURCE:
        return Where(file=name, cell=cell, line=line)
    if columns is None or not 1 <= columns.first <= len(source) + 1:
        return Where(file=name, cell=cell, line=line, source=source)
    end = columns.end if columns.end and columns.first < columns.end <= len(source) + 1 else None
    return Where(name, cell, line, source, columns.first, end)


def place_of_definition(
    fact: wire.NameFact, student: Student, *, check_id: str = "", hint: Text | None = None
) -> Where | None:
    """Name the line of a definition, or a better one within it.

    Args:
        fact: What is defined, and where.
        student: The submission.
        check_id: The check that failed: for `parameters[halve]` the entry `"halve"` is looked for.
        hint: What the learner is told: of "Look at `stride`" the word is looked for, and `None`
            where something was not filled in.
    """
    lines = _lines(student, fact.cell)
    if fact.line > len(lines):
        return where(student, fact.line, fact.cell)
    code = _LINE_END.split(_blank_out(lines))
    span = _block(code, fact.line)
    found = _find(code, span, fact.name)
    if (match := _PARAMETER.search(check_id)) and (entry := _find_quoted(code, span, match[1])):
        found, span = entry, _block(code, entry[0])
    else:
        found = _only_return(code, span) or found
    narrower = filter(None, (_find(code, span, word) for word in _words(hint)))
    number, columns = next(narrower, found) or (fact.line, None)
    return where(student, number, fact.cell, columns)


def place_of_signature(fact: wire.NameFact, student: Student, message: str) -> Where | None:
    """Name the `def` that could not be called, which no line of the file did.

    Args:
        fact: What is defined, and where.
        student: The submission.
        message: Python's words, such as `linear() missing 1 required positional argument: 'bias'`.
    """
    lines, told = _lines(student, fact.cell), _CALL.search(message)
    if told is None or fact.line > len(lines):
        return None
    code = _LINE_END.split(_blank_out(lines))
    span = _block(code, fact.line)
    found = _search(code, span, re.compile(rf"\bdef\s+{re.escape(told['name'])}(?=\s*\()"))
    if found is None:
        return None
    own = _Span(found[0], found[0] + 1)
    parameters = (_find(code, own, word) for word in re.findall(r"'(\w+)'", told["rest"]))
    number, columns = next(filter(None, parameters), found)
    return where(student, number, fact.cell, columns)


def _only_return(code: list[str], span: _Span) -> tuple[int, Columns] | None:
    """Find what a function returns, where it does so in one place."""
    if not code[span.first - 1].startswith(("def ", "async def ")):
        return None
    lines = [n for n in range(span.first, span.end) if code[n - 1].lstrip().startswith("return")]
    if len(lines) != 1:
        return None
    line = code[lines[0] - 1]
    return lines[0], Columns(_indent(line) + 1, len(line.rstrip()) + 1)


def _words(hint: Text | None) -> Iterator[str]:
    """Give the code that a hint tells to look at or for, the first word of each."""
    match = None if hint is None else _LOOK.search(hint.en)
    for code in _CODE.findall(match["rest"]) if match else ():
        yield code
        yield from re.findall(r"[A-Za-z_]\w{2,}", code)[:1]


def _lines(student: Student, cell: int | None) -> list[str]:
    text = next((one.text for one in student.submission.cells if one.index == cell), None)
    lines = [] if text is None else _LINE_END.split(text)
    return lines[:-1] if lines and not lines[-1] else lines


def _line(student: Student, number: int, cell: int | None) -> str | None:
    """Give a line of the file; None for a number by which a worker might tell what it was given."""
    lines = _lines(student, cell)
    if number <= len(lines):
        return lines[number - 1]
    # An error at the end of the file is reported on the line after the last.
    return "" if lines and number == len(lines) + 1 else None


def _characters(line: str, columns: tuple[int, int]) -> Columns:
    data = line.encode()
    first, end = (len(data[:column].decode(errors="ignore")) + 1 for column in columns)
    return Columns(first, end)


def _blank_out(lines: list[str]) -> str:
    """Give the text without what is said in docstrings and comments, at the same places."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0])

    return _COMMENT.sub(blank, _STRING.sub(blank, "\n".join(lines)))


def _block(code: list[str], line: int) -> _Span:
    """Find the lines that belong to the statement or the entry which begins at a line."""
    own = _indent(code[line - 1])
    for number in range(line + 1, len(code) + 1):
        text = code[number - 1]
        if text.strip() and _indent(text) <= own and not text.lstrip().startswith(_CLOSING):
            # Under its decorator a definition is indented like it.
            if code[line - 1].lstrip().startswith("@"):
                return _block(code, number)
            return _Span(line, number)
    return _Span(line, len(code) + 1)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _find(code: list[str], span: _Span, word: str) -> tuple[int, Columns] | None:
    """Find code where it stands for itself: `stride` is not found in `strided`."""
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    return _search(code, span, pattern)


def _find_quoted(code: list[str], span: _Span, word: str) -> tuple[int, Columns] | None:
    return _search(code, span, re.compile(rf"""(["']){re.escape(word)}\1"""))


def _search(code: list[str], span: _Span, pattern: re.Pattern[str]) -> tuple[int, Columns] | None:
    # The first line names the parameters; what is done with them comes after it.
    for number in (*range(span.first + 1, span.end), span.first):
        if match := pattern.search(code[number - 1]):
            return number, Columns(match.start() + 1, match.end() + 1)
    return None
