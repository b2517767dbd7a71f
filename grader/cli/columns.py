"""Text in columns and lines, where a Chinese character takes two places.

rich could do it too, but takes as long to load as all else that an overview needs.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from typing import Final

import click
from rich.cells import cell_len, set_cell_size

__all__ = [
    "bar",
    "can_show",
    "padded",
    "shortened",
    "shown",
    "side_by_side",
    "styled",
    "terminal_width",
    "wrapped",
]

_MAX_WIDTH: Final = 100
"""Lines longer than this are hard to read, however wide the window."""
_BAR: Final = "█░"
_ASCII_BAR: Final = "#."


def terminal_width() -> int:
    """Give the number of places in a line."""
    return min(shutil.get_terminal_size().columns, _MAX_WIDTH)


def padded(text: str, width: int) -> str:
    """Fill a text up with blanks, or cut it with an ellipsis."""
    return set_cell_size(shortened(text, width), width)


def shortened(text: str, width: int) -> str:
    """Cut a text that takes more than `width` places."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(width - 1, 0)).rstrip() + "…"


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Break text into lines of at most `width` places, each with an indent."""
    from grader.report.wrapping import wrap

    return [indent + line for line in wrap(text, width - cell_len(indent)).splitlines() or [""]]


def side_by_side(items: Iterable[str], width: int, indent: str = "") -> Iterator[str]:
    """Put short items into lines, as many as fit into each."""
    line = indent
    for item in items:
        if line.strip() and cell_len(click.unstyle(line + item)) > width:
            yield line.rstrip()
            line = indent
        line += item + "   "
    yield line.rstrip()


def shown(text: str) -> str:
    """Make text harmless that may come from a submission."""
    from grader.report.neutralise import for_terminal, without_ci_commands

    return without_ci_commands(for_terminal(text))


def bar(share: float, width: int) -> str:
    """Draw a share of a whole, from 0 to 1; it is full or empty only where the share is."""
    full, empty = _BAR if can_show(_BAR) else _ASCII_BAR
    filled = int(share * width)
    if share > 0:
        filled = max(filled, 1)
    filled = max(0, min(filled, width))
    return full * filled + empty * (width - filled)


def can_show(signs: str) -> bool:
    """Say whether the terminal's encoding has some signs."""
    try:
        signs.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def styled(text: str, colour: str | None = None, *, bold: bool = False) -> str:
    """Colour a text, unless the user has switched colours off; `click.echo` looks at the rest."""
    if os.environ.get("NO_COLOR"):
        return text
    return click.style(text, fg=colour, bold=bold or None)
