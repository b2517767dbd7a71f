"""A line of the submission with a mark beneath what to look at, for any medium."""

from __future__ import annotations

from typing import Final, NamedTuple

from rich.cells import cell_len, chop_cells

from grader.report.examination import Where
from grader.report.neutralise import for_terminal

__all__ = ["Excerpt", "excerpt_of"]

_TAB: Final = 4
_LEAD: Final = 12
"""Columns that stay in front of the mark where a line is cut on its left."""
_MORE: Final = "…"


class Excerpt(NamedTuple):
    """A line, cut to a width, with nothing in it that a terminal would obey."""

    number: int
    before: str
    """What stands in front of the mark."""
    marked: str
    """What to look at; empty where nothing is marked."""
    after: str

    @property
    def text(self) -> str:
        """The whole line."""
        return f"{self.before}{self.marked}{self.after}"

    @property
    def carets(self) -> str:
        """The mark, for the line beneath: a Chinese character takes two columns."""
        return " " * cell_len(self.before) + "^" * cell_len(self.marked) if self.marked else ""


def excerpt_of(where: Where | None, width: int) -> Excerpt | None:
    """Cut the line of a place to a width, the mark included; None where no line is known.

    Args:
        where: A place in the submission.
        width: Columns of a terminal.
    """
    if where is None or where.source is None:
        return None
    line = where.source
    if where.column is None:
        return Excerpt(where.line, _cut_right(_shown(line), width), "", "")
    start = where.column - 1
    end = start + 1 if where.end_column is None else where.end_column - 1
    before, marked, after = map(_shown, (line[:start], line[start:end], line[end:]))
    if not marked.strip():
        # What is missing at the end of a line, such as a colon, is marked behind it.
        marked = " "
    if cell_len(before + marked) > width - _TAB:
        before = _cut_left(before, max(_LEAD, width - _TAB - cell_len(marked)))
    marked = _cut_right(marked, width - cell_len(before))
    after = _cut_right(after, width - cell_len(before + marked))
    return Excerpt(where.line, before, marked, after)


def _shown(part: str) -> str:
    # A form feed, say, is a line end to a terminal and none to Python.
    return for_terminal(part).replace("\n", " ").replace("\t", " " * _TAB)


def _cut_right(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    return chop_cells(text, max(1, width - 1))[0] + _MORE if width > 1 else ""


def _cut_left(text: str, width: int) -> str:
    kept = text
    while cell_len(kept) > width - 1:
        kept = kept[1:]
    return kept if kept == text else _MORE + kept
