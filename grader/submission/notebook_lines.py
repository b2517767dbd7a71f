"""Where the lines of a notebook's cells stand in its file.

Places that show a file know its lines, not its cells. A notebook as Jupyter writes it has each line
of code on a line of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

__all__ = ["find_lines"]

_MAX_BYTES: Final = 8 * 2**20
"""A larger one is full of pictures, and shown nowhere."""
_INDENTS: Final = (1, 2, 4)
# A character for private use, which no program has in it.
_MARK: Final = re.compile("\ue000(\\d+):(\\d+)\ue001")

Lines = dict[tuple[int, int], int]
"""By code cell and line, both from 1, the line of the file."""


def find_lines(content: bytes) -> Lines:
    """Find the lines of all code cells; nothing where the file is laid out in another way."""
    if len(content) > _MAX_BYTES:
        return {}
    try:
        text = content.decode()
        notebook = json.loads(text)
        write = _layout_of(notebook, text)
        if write is None:
            return {}
        _mark(notebook)
        marked = write(notebook).split("\n")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
    return {
        (int(match[1]), int(match[2])): number
        for number, line in enumerate(marked, 1)
        for match in _MARK.finditer(line)
    }


def _layout_of(notebook: object, text: str) -> Callable[[object], str] | None:
    """Give what writes a notebook as this one was written; None where nothing does."""
    for indent in _INDENTS:
        for ascii_only in (False, True):

            def write(value: object, indent: int = indent, ascii_only: bool = ascii_only) -> str:  # noqa: FBT001 - bound here
                return json.dumps(value, indent=indent, ensure_ascii=ascii_only)

            if write(notebook) == text.rstrip("\n"):
                return write
    return None


def _mark(notebook: dict[str, Any]) -> None:
    """Put a mark in place of each line of code."""
    codes = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(codes, 1):
        source = cell["source"]
        if isinstance(source, str):
            # All of it stands on one line of the file.
            count = source.count("\n") + 1
            cell["source"] = "".join(f"\ue000{number}:{line}\ue001" for line in range(1, count + 1))
            continue
        line = 1
        for index, part in enumerate(source):
            source[index] = f"\ue000{number}:{line}\ue001"
            line += part.count("\n")
