"""Breaks lines for a terminal: between words, and in Chinese between characters.

Chinese has no spaces to break at, and a line that is only broken at spaces stays half empty. The
rules are the common ones (Unicode's line breaking, UAX #14): no line begins with closing
punctuation, and none ends with an opening bracket.
"""

from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len, chop_cells

__all__ = ["wrap"]

_WIDE: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_CLOSING: Final = "，。；：？！、）》」』】”’…"
_OPENING: Final = "（《「『【“‘"
_PIECE: Final = re.compile(
    rf"[{_OPENING}]*(?:[{_WIDE}](?<![{_CLOSING}])|[^\s{_WIDE}{_OPENING}{_CLOSING}]+)[{_CLOSING}]*"
    rf"|[{_CLOSING}{_OPENING}]+|[ \t]+"
)


def wrap(text: str, width: int) -> str:
    """Break each line of a text so that none takes more columns than `width`.

    Args:
        text: Printable text; tabs are spaces already.
        width: Columns, at least 2, since a Chinese character takes two.
    """
    return "\n".join(_wrap_line(line, max(2, width)) for line in text.split("\n"))


def _wrap_line(line: str, width: int) -> str:
    if cell_len(line) <= width:
        return line
    lines = [""]
    for piece in _PIECE.findall(line):
        if cell_len(lines[-1] + piece.rstrip()) <= width:
            lines[-1] += piece
        elif piece.isspace():
            lines.append("")
        elif lines[-1].strip():
            # What fits on no line, such as a path, is cut.
            lines += chop_cells(piece, width)
        else:
            lines[-1:] = chop_cells(lines[-1] + piece, width)
    return "\n".join(part.rstrip() for part in lines)
