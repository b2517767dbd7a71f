"""Finds the statements of a broken file that are whole.

The text is cut where a statement can begin: at lines without indentation that do not lie in a
triple-quoted string. Each piece is parsed by itself; one that ends too early, as within a
bracket, takes in the pieces that follow, up to the next line that no bracket can contain.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from grader.worker.guards import tokens

Parser = Callable[[str], list[ast.stmt]]

MAX_ATTEMPTS = 2_000
MAX_BROKEN = 100
_MAX_JOINED = 200
_CONTINUATION = re.compile(r"(?:elif|else|except|finally)\b|[)\]}]")
_HARD_START = re.compile(r"(?:async\s+def|def|class|import|from|@)(?:\b|\s|\w)")
_BINDS = re.compile(
    r"(?:async\s+)?(?:def|class)\s+(?P<defined>\w+)"
    r"|(?P<assigned>[^\W\d]\w*)\s*(?::[^=]*)?=(?!=)"
    r"|(?:from\s+\S+\s+)?import\s+(?P<imported>.+)"
)
_ENDS_TOO_EARLY = ("never closed", "unexpected EOF", "unterminated triple-quoted", "EOF in multi")


class Broken(NamedTuple):
    """A piece that cannot be parsed."""

    first_line: int
    last_line: int
    error: BaseException
    names: tuple[str, ...]
    """The names that the piece would have bound, as far as its first words tell."""


class Recovered(NamedTuple):
    """What is left of a broken text."""

    nodes: list[ast.stmt]
    broken: list[Broken]


def recover(text: str, parse: Parser) -> Recovered:
    """Parse a broken text piece by piece, keeping line numbers.

    Args:
        text: The text, with plain line feeds.
        parse: Parses a piece; what it raises makes the piece a broken one.
    """
    lines = text.split("\n")
    starts = [*_starts(lines, text), len(lines)]
    recovered = Recovered([], [])
    index = attempts = 0
    while index < len(starts) - 1 and attempts < MAX_ATTEMPTS:
        following, tried = _parse_piece(lines, starts, index, parse, recovered)
        attempts += tried
        index = following
    return recovered


def _parse_piece(
    lines: Sequence[str], starts: Sequence[int], index: int, parse: Parser, recovered: Recovered
) -> tuple[int, int]:
    """Parse the piece that begins at a start; return the next start's index and the attempts."""
    first_error: BaseException | None = None
    tried = 0
    for end in range(index + 1, min(len(starts), index + _MAX_JOINED)):
        tried += 1
        error = _try_lines(lines, starts[index], starts[end], parse, recovered.nodes)
        if error is None:
            return end, tried
        first_error = first_error or error
        if not _may_go_on(error) or _is_hard(lines, starts[end]):
            break
    _keep_head(lines, starts[index], starts[index + 1], parse, recovered.nodes)
    if first_error is not None and len(recovered.broken) < MAX_BROKEN:
        recovered.broken.append(_broken(lines, starts[index], starts[index + 1], first_error))
    return index + 1, max(tried, 1)


def _keep_head(
    lines: Sequence[str], first: int, end: int, parse: Parser, nodes: list[ast.stmt]
) -> None:
    """Keep the first line of a piece where it is whole and wrongly indented lines follow."""
    indented = next((index for index in range(first + 1, end) if lines[index][:1].isspace()), None)
    if indented is not None and not lines[first].rstrip().endswith(":"):
        _try_lines(lines, first, indented, parse, nodes)


def _try_lines(
    lines: Sequence[str], first: int, end: int, parse: Parser, nodes: list[ast.stmt]
) -> BaseException | None:
    try:
        # Empty lines in front keep the numbers of lines, also those within Python's messages.
        found = parse("\n" * first + "\n".join(lines[first:end]) + "\n")
    except (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError) as error:
        return error
    nodes.extend(found)
    return None


def _may_go_on(error: BaseException) -> bool:
    return isinstance(error, SyntaxError) and any(
        sign in (error.msg or "") for sign in _ENDS_TOO_EARLY
    )


def _is_hard(lines: Sequence[str], index: int) -> bool:
    return index < len(lines) and _HARD_START.match(lines[index]) is not None


def _broken(lines: Sequence[str], first: int, end: int, error: BaseException) -> Broken:
    names: list[str] = []
    for line in lines[first:end]:
        if match := _BINDS.match(line):
            names += _bound(match)
    return Broken(first + 1, end, error, tuple(dict.fromkeys(names)))


def _bound(match: re.Match[str]) -> list[str]:
    if match["imported"] is None:
        return [match["defined"] or match["assigned"]]
    parts = [part.split() for part in match["imported"].split("#")[0].split(",")]
    return [part[-1].split(".")[0] for part in parts if part and part[-1].isidentifier()]


def _starts(lines: Sequence[str], text: str) -> Iterator[int]:
    """Give the indices of lines at which a statement can begin."""
    within = set(_lines_within_strings(text))
    after_decorator = False
    for index, line in enumerate(lines):
        if not line or line[0].isspace() or line[0] == "#" or index in within:
            continue
        if _CONTINUATION.match(line):
            continue
        if not after_decorator:
            yield index
        after_decorator = line[0] == "@"


def _lines_within_strings(text: str) -> Iterator[int]:
    line = 0
    for token in tokens(text):
        if token.lastgroup == "line":
            line += 1
        elif token.lastgroup == "string":
            count = token[0].count("\n")
            yield from range(line + 1, line + count + 1)
            line += count
