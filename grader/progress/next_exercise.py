"""What to go on with."""

from __future__ import annotations

from collections.abc import Sequence

from grader.course.manifest import Outline
from grader.progress.model import Progress

__all__ = ["find_next", "following"]


def find_next(outlines: Sequence[Outline], progress: Progress) -> Outline | None:
    """Find the exercise to go on with; None where all are done.

    The one that was graded last if it is not done, else the first behind it that is not, else the
    first of all that is not.
    """
    ids = [outline.id for outline in outlines]
    latest = progress.latest
    start = ids.index(latest) if latest in ids else 0
    return _first_open([*outlines[start:], *outlines[:start]], progress)


def following(outlines: Sequence[Outline], progress: Progress, current: str) -> Outline | None:
    """Find the next exercise that is not done, behind the one whose id is `current`, then before.

    None where there is no other.
    """
    ids = [outline.id for outline in outlines]
    start = ids.index(current)
    return _first_open([*outlines[start + 1 :], *outlines[:start]], progress)


def _first_open(outlines: Sequence[Outline], progress: Progress) -> Outline | None:
    return next((one for one in outlines if not progress.of(one.id).is_done), None)
