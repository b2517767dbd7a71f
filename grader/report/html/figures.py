"""Pictures of a report as parts of a page; without the plotting library those without charts."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from grader.language import Language, Text
from grader.report.pictures import Flow, Picture, TileRow

__all__ = ["Figure", "draw"]


class Figure(NamedTuple):
    """A picture in a page, in one language."""

    title: Text
    note: Text | None
    flow: Flow | None = None
    chart: Markup | None = None
    rows: tuple[TileRow, ...] = ()


def draw(picture: Picture, language: Language) -> Figure:  # noqa: ARG001 - charts need it
    """Make a figure of a picture's data."""
    return Figure(picture.title, picture.note)
