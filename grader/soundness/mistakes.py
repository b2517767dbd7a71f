"""The first two lines of a wrong answer: what it breaks, and which mistake it is.

    # fails: to_nchw_example, to_nchw_dtype
    # misconception: keeps-dtype

Where no known mistake has to be named, a dash stands in the second line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from grader.course.manifest import manifest_error
from grader.language import Text

__all__ = ["FAILS", "MISCONCEPTION", "Mistake", "read_mistake"]

FAILS: Final = "# fails:"
MISCONCEPTION: Final = "# misconception:"


class Mistake(NamedTuple):
    """A wrong answer, as its head describes it."""

    file: Path
    fails: frozenset[str]
    """The ids of the checks that it must not pass."""
    misconception: str | None
    """The known mistake that the report must name; None where it need name none."""


def read_mistake(file: Path) -> Mistake:
    """Read the head of a wrong answer.

    Raises:
        ManifestError: It has none; the author's fault.
    """
    lines = [*file.read_text(encoding="utf-8", errors="replace").splitlines()[:2], "", ""]
    for number, mark in enumerate((FAILS, MISCONCEPTION)):
        if not lines[number].removeprefix(mark).strip() or not lines[number].startswith(mark):
            raise manifest_error(
                file,
                Text(en=f"line {number + 1}", zh=f"第 {number + 1} 行"),
                expected=f"`{mark} …`",
                found=repr(lines[number]),
            )
    fails = lines[0].removeprefix(FAILS).split(",")
    name = lines[1].removeprefix(MISCONCEPTION).strip()
    return Mistake(
        file=file,
        fails=frozenset(check.strip() for check in fails if check.strip()),
        misconception=None if name == "-" else name,
    )
