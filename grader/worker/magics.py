"""Finds the lines of a notebook cell that are no Python: magics, shell commands, questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from grader.worker.guards import tokens

_LINE_MAGIC = re.compile(r"\s*(?:%|!|\?)|\s*[\w.]+\s*=\s*(?:!|%[A-Za-z])|[^#'\"]*\w\?{1,2}\s*$")
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
# Cell magics whose body is Python that belongs to the notebook's own names.
_PYTHON_BODIES = frozenset({"time", "timeit", "capture", "prun", "python", "python3", "py"})


class WithoutMagics(NamedTuple):
    """A cell's text with `pass` in place of each magic, so that no line changes its number."""

    text: str
    dropped: list[tuple[int, str]]
    """The first line of each thing that was dropped, with its text."""


def drop_magics(text: str) -> WithoutMagics:
    """Replace what IPython would handle by itself."""
    lines = text.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return WithoutMagics(text, [])
    cell_magic = _CELL_MAGIC.match(lines[first])
    if cell_magic is None:
        return _drop_lines(lines, first)
    if cell_magic[1] not in _PYTHON_BODIES:
        return WithoutMagics("", [(first + 1, lines[first].strip())])
    dropped = [(first + 1, lines[first].strip())]
    lines[first] = "pass"
    rest = _drop_lines(lines, first + 1)
    return WithoutMagics(rest.text, dropped + rest.dropped)


def _drop_lines(lines: list[str], start: int) -> WithoutMagics:
    kept = list(lines)
    dropped = []
    for first, last in _magic_lines(lines, start):
        dropped.append((first + 1, lines[first].strip()))
        indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
        kept[first : last + 1] = [indent + "pass"] + [""] * (last - first)
    return WithoutMagics("\n".join(kept), dropped)


def _magic_lines(lines: list[str], start: int) -> Iterator[tuple[int, int]]:
    """Give first and last index of each magic that does not stand within a string or bracket."""
    index = start
    while index < len(lines):
        if _LINE_MAGIC.match(lines[index]):
            last = index
            while lines[last].endswith("\\") and last + 1 < len(lines):
                last += 1
            yield index, last
            index = last + 1
        else:
            index = _end_of_statement(lines, index)


def _end_of_statement(lines: list[str], index: int) -> int:
    """Return the index after the lines that brackets and strings bind to this one."""
    text = "\n".join(lines[index:])
    depth = line = 0
    is_continued = False
    for token in tokens(text):
        if token.lastgroup == "line":
            line += 1
            if depth <= 0 and not is_continued:
                return index + line
        elif token.lastgroup == "string":
            line += token[0].count("\n")
        else:
            depth += {"open": 1, "close": -1}.get(token.lastgroup or "", 0)
        is_continued = token[0] == "\\"
    # A bracket that is never closed binds nothing.
    return index + 1 if depth > 0 else len(lines)
