"""The lines of `grade` and `grade list`: an exercise each, with a sign, a bar and the points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from grader.cli.columns import bar, can_show, padded, styled
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.course.manifest import Outline
    from grader.progress.model import Progress

__all__ = ["number", "score_lines", "sign", "total_line"]

_SIGNS: Final = "✓–"
_ASCII_SIGNS: Final = "+-"
_POINTS: Final = 9
_WIDEST_BAR: Final = 10
_NARROWEST: Final = 60
"""With fewer places in a line, the title is worth more than a bar."""
_TOTAL: Final = Text(
    en="{done} of {count} exercises done, {score} points",
    zh="{count} 个练习完成了 {done} 个，共得 {score} 分",
)


def score_lines(
    outlines: Sequence[Outline], progress: Progress, language: Language, width: int
) -> Iterator[str]:
    """Give a line for each exercise, with the best score."""
    for outline in outlines:
        one = progress.of(outline.id)
        score, points = one.best or 0.0, one.max_score or outline.max_score
        mark, colour = sign(score, points)
        drawn = bar(score / points, _WIDEST_BAR if width >= _NARROWEST else 0)
        reached = f"{number(score)}/{number(points)}".rjust(_POINTS)
        # Without the ends of the line: a sign and blanks in front, the bar and the points behind.
        room = width - len(outline.id) - len(drawn) - _POINTS - 9
        title = padded(outline.title.to(language), room)
        yield f"  {styled(mark, colour)} {outline.id}  {title}  {styled(drawn, colour)} {reached}"


def total_line(outlines: Sequence[Outline], progress: Progress, language: Language) -> str:
    """Add it all up."""
    known = [progress.of(outline.id) for outline in outlines]
    return _TOTAL.to(language).format(
        done=sum(one.is_done for one in known),
        count=len(known),
        score=number(sum(one.best or 0.0 for one in known)),
    )


def sign(score: float, points: float) -> tuple[str, str | None]:
    """Give the sign for a score, and its colour."""
    passed, part = _SIGNS if can_show(_SIGNS) else _ASCII_SIGNS
    if score >= points:
        return passed, "green"
    return (part, "yellow") if score > 0 else (" ", None)


def number(points: float) -> str:
    """Write points without needless zeros."""
    return f"{points:.2f}".rstrip("0").rstrip(".")
