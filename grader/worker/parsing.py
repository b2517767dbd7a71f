"""Turns the text of a script or of notebook cells into statements, and says what was lost.

A file with a syntax error still holds statements without one: `recover` finds them, so that a
slip in one function costs that function. Nothing of the student's runs here.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from grader.worker import guards, magics
from grader.worker.guards import ExcessError
from grader.worker.places import MAX_TEXT, clean, pseudo_file
from grader.worker.recovery import Broken, recover
from grader.worker.wire import CellSource, ProblemFact, SkippedFact

MAX_FACTS = 200
"""Problems that are reported for one file, and skipped statements likewise."""

_MAX_LINE = 200
_MAX_LOST = 50
_MAX_TRIED = 1_000_000
_INVALID_CHARACTER = re.compile(r"invalid (?:non-printable )?character")
_UNPARSABLE = (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError)


class Statement(NamedTuple):
    """A statement at the top level of the file, as parsed."""

    node: ast.stmt
    cell: int | None


class _Share:
    """What is left of the limits of the submission as a whole."""

    def __init__(self) -> None:
        self.tokens = guards.MAX_TOKENS
        self.lines = guards.MAX_LINES
        self.tries = _MAX_TRIED
        """Characters of broken cells that may still be looked at, as often as it takes."""

    def take_lines(self, lines: list[str]) -> list[str]:
        """Give the lines that are read; what comes after them is not even searched."""
        taken = lines[: self.lines]
        self.lines -= len(taken)
        return taken

    def take_try(self, piece: str) -> None:
        """Raise ExcessError for a piece that is not tried any more."""
        text = piece.lstrip("\n")
        self.tries -= len(text)
        if self.tries < 0:
            msg = "too many broken parts before this one"
            raise ExcessError(msg, len(piece) - len(text) + 1)


class Parsed(NamedTuple):
    """What a file's text consists of."""

    statements: list[Statement]
    problems: list[ProblemFact]
    skipped: list[SkippedFact]
    lines: dict[int | None, list[str]]
    """The lines of each cell as they are in the student's file."""
    is_parsed: bool
    """False where there is text and not one statement could be read."""


def parse_cells(cells: Sequence[CellSource]) -> Parsed:
    """Parse every cell by itself; a cell that is broken leaves the others as they are."""
    parsed = Parsed([], [], [], {}, is_parsed=True)
    share = _Share()
    has_text = False
    for cell in cells:
        text = normalise_newlines(cell.text)
        parsed.lines[cell.index] = text.split("\n")
        has_text = has_text or bool(text.strip())
        _parse_cell(text, cell.index, parsed, share)
    succeeded = bool(parsed.statements or parsed.skipped) or not parsed.problems
    return parsed._replace(is_parsed=succeeded or not has_text)


def normalise_newlines(text: str) -> str:
    """Return text in which every line ends with a single line feed, as Python reads it."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def source_line(lines: Sequence[str], line: int | None) -> str:
    """Return a line of the file, shortened; empty where there is no such line."""
    if line is None or not 1 <= line <= len(lines):
        return ""
    return clean(lines[line - 1].strip(), _MAX_LINE)


def syntax_problem(
    error: BaseException, lines: Sequence[str], cell: int | None, *, line: int | None = None
) -> ProblemFact:
    """Describe a text that Python refuses to parse or compile."""
    where, column = _position(error)
    where = where or line or 1
    is_syntax = isinstance(error, SyntaxError | ValueError) and not isinstance(error, ExcessError)
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    if isinstance(error, RecursionError | MemoryError):
        # Python's own words are about its stack, not about the file.
        message = "nested too deeply"
    if column and _INVALID_CHARACTER.match(message):
        message = f"{message} in column {column}"
    return ProblemFact(
        kind="syntax" if is_syntax else "complexity",
        type_name=type(error).__name__,
        message=clean(message, MAX_TEXT),
        line=where,
        cell=cell,
        column=column,
        text=source_line(lines, where),
        names=(),
    )


def _position(error: BaseException) -> tuple[int | None, int | None]:
    if isinstance(error, ExcessError):
        return error.line, None
    if not isinstance(error, SyntaxError):
        return None, None
    return (error.lineno or None), (error.offset or None)


def _parse_cell(text: str, cell: int | None, parsed: Parsed, share: _Share) -> None:
    taken = share.take_lines(parsed.lines[cell])
    if len(taken) < len(parsed.lines[cell]):
        excess = ExcessError(f"more than {guards.MAX_LINES} lines", len(taken) + 1)
        if len(parsed.problems) < MAX_FACTS:
            parsed.problems.append(syntax_problem(excess, parsed.lines[cell], cell))
        text = "\n".join(taken)
    try:
        nodes = _parse_text(text, cell, share)
    except _UNPARSABLE as error:
        nodes = _parse_broken(text, cell, parsed, share, error)
    parsed.statements.extend(Statement(node, cell) for node in nodes)


def _parse_text(text: str, cell: int | None, share: _Share) -> list[ast.stmt]:
    """Parse a text. Raises SyntaxError, ValueError, MemoryError, RecursionError, OverflowError."""
    count = guards.check_text(text, share.tokens)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nodes = ast.parse(text, pseudo_file(cell)).body
    if "finally" in text:
        guards.check_tree(nodes)
    share.tokens -= count
    return nodes


def _parse_broken(
    text: str, cell: int | None, parsed: Parsed, share: _Share, error: BaseException
) -> list[ast.stmt]:
    drop = magics.drop_magics_of_script if cell is None else magics.drop_magics
    without = drop(text)
    if without.text != text:
        _list_magics(without.dropped, cell, parsed)
        text = without.text
        try:
            return _parse_text(text, cell, share)
        except _UNPARSABLE as other:
            error = other
    return _parse_pieces(text, cell, parsed, share, error)


def _list_magics(dropped: Sequence[tuple[int, str]], cell: int | None, parsed: Parsed) -> None:
    for line, code in dropped[: MAX_FACTS - len(parsed.skipped)]:
        parsed.skipped.append(SkippedFact(line, cell, clean(code, _MAX_LINE), "magic"))


def _parse_pieces(
    text: str, cell: int | None, parsed: Parsed, share: _Share, error: BaseException
) -> list[ast.stmt]:
    """Keep what can be parsed by itself, and report each piece that cannot."""

    def parse(piece: str) -> list[ast.stmt]:
        share.take_try(piece)
        return _parse_text(piece, cell, share)

    recovered = recover(text, parse)
    lines = parsed.lines[cell]
    problems = [_piece_problem(piece, lines, cell) for piece in recovered.broken]
    _add_first(problems, syntax_problem(error, lines, cell), recovered.broken)
    parsed.problems.extend(problems[: MAX_FACTS - len(parsed.problems)])
    return recovered.nodes


def _add_first(problems: list[ProblemFact], first: ProblemFact, pieces: Sequence[Broken]) -> None:
    """Add what the parser said of the whole text: it knew what goes before and after a piece."""
    for index, (problem, piece) in enumerate(zip(problems, pieces, strict=True)):
        is_within = first.line is not None and piece.first_line <= first.line <= piece.last_line
        if is_within or problem.message == first.message:
            problems[index] = msgspec.structs.replace(first, names=problem.names)
            return
    problems.insert(0, first)


def _piece_problem(piece: Broken, lines: Sequence[str], cell: int | None) -> ProblemFact:
    problem = syntax_problem(piece.error, lines, cell, line=piece.first_line)
    return msgspec.structs.replace(problem, names=piece.names[:_MAX_LOST])
