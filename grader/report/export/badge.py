"""An SVG badge with the score, to be shown in a README."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

from grader.language import Language, Text
from grader.report.model import Report
from grader.report.neutralise import for_html
from grader.report.words import points_words

__all__ = ["to_badge"]

# Each with white text upon it in a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3).
_FULL: Final = "#1a7f37"
_HALF: Final = "#8a6100"
_LOW: Final = "#b42318"
_NONE: Final = "#57606a"
_LABEL_COLOUR: Final = "#24292f"
_HALF_FROM: Final = 0.5
_HEIGHT: Final = 20
_PADDING: Final = 6
_NARROW: Final = 6.6
"""Pixels of a letter at a font size of 11; a Chinese one takes about twice that."""
_TEMPLATE: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img" \
aria-label="{label}: {value}">
  <title>{label}: {value}</title>
  <rect width="{left}" height="{height}" fill="{label_colour}"/>
  <rect x="{left}" width="{right}" height="{height}" fill="{colour}"/>
  <g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11" \
text-anchor="middle">
    <text x="{label_x}" y="14">{label}</text>
    <text x="{value_x}" y="14">{value}</text>
  </g>
</svg>
"""


def to_badge(reports: Sequence[Report], language: Language) -> bytes:
    """Draw the sum of the scores: green for full marks, red below half of the points.

    A report without a score, which is a fault of ours, makes the whole badge grey.
    """
    exercises = ", ".join(report.exercise for report in reports[:2])
    label = exercises if 0 < len(reports) <= 2 else Text(en="score", zh="得分").to(language)  # noqa: PLR2004
    value, colour = _value(reports, language)
    left, right = _width(label), _width(value)
    drawn = _TEMPLATE.format(
        width=left + right,
        height=_HEIGHT,
        left=left,
        right=right,
        label=for_html(label),
        value=for_html(value),
        label_x=f"{left / 2:g}",
        value_x=f"{left + right / 2:g}",
        label_colour=_LABEL_COLOUR,
        colour=colour,
    )
    return drawn.encode()


def _value(reports: Sequence[Report], language: Language) -> tuple[str, str]:
    scores = [(report.score, report.max_score) for report in reports]
    if not scores or any(score is None or most is None for score, most in scores):
        return Text(en="not graded", zh="未评分").to(language), _NONE
    score, most = (sum(filter(None, column)) for column in zip(*scores, strict=True))
    colour = _FULL if score >= most else _HALF if score >= _HALF_FROM * most else _LOW
    return f"{points_words(score)}/{points_words(most)}", colour


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return round(_NARROW * (len(text) + wide)) + 2 * _PADDING
