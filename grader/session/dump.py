"""The traceback that the interpreter writes when it crashes, or when it is asked where it is."""

from __future__ import annotations

import re

from grader.worker import wire
from grader.worker.places import PSEUDO_FILE

_FRAME_LINE = re.compile(r'File "(?P<file>[^"]*)", line (?P<line>\d{1,7}) in (?P<function>.+)')
_CELL = re.compile(r"\[cell (\d{1,7})\]$")


def places_in_dump(dump: str) -> tuple[wire.Place, ...]:
    """Find the lines of the submission in the interpreter's own traceback, innermost first."""
    # Other threads are of interest only where the main one is in no line of the submission.
    _, _, current = dump.partition("Current thread")
    return _places(current.partition("\n\n")[0]) or _places(dump)


def _places(dump: str) -> tuple[wire.Place, ...]:
    found = []
    for match in _FRAME_LINE.finditer(dump):
        if PSEUDO_FILE in match["file"]:
            cell = _CELL.search(match["file"])
            number = int(cell[1]) if cell else None
            found.append(wire.Place(int(match["line"]), number, match["function"][:100]))
    return tuple(found)
