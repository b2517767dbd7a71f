"""Lines of CSV that spreadsheets, `csv` and pandas read alike."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Final

from grader.report.neutralise import for_spreadsheet

__all__ = ["BYTE_ORDER_MARK", "csv_line", "number", "text_cell"]

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""Without it Excel takes a file for one in the computer's old national encoding."""

# The comma is ours; Excel cuts at semicolons or tabs where the system says so, within what
# stands unquoted.
_SPECIAL: Final = re.compile("[\\s\"',;|\x00-\x1f]")


def csv_line(cells: Iterable[str]) -> str:
    """Join cells, which are `text_cell`s or numbers, as RFC 4180 has it."""
    return ",".join(cells) + "\r\n"


@functools.lru_cache(maxsize=4096)
def text_cell(text: str) -> str:
    """Write text as a cell that no spreadsheet runs, quoted where it has to be."""
    safe = for_spreadsheet(text)
    return '"' + safe.replace('"', '""') + '"' if _SPECIAL.search(safe) else safe


def number(value: float | None) -> str:
    """Write points: at most two decimals, none that say nothing; None is an empty cell."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
