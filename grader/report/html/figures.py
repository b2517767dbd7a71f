"""Pictures of a report as parts of a page; without the plotting library those without charts."""

from __future__ import annotations

import base64
import io
from functools import cache
from importlib.util import find_spec
from typing import Final, NamedTuple

import numpy as np
from markupsafe import Markup
from PIL import Image

from grader.language import Language, Text
from grader.report.pictures import Chart, Flow, Picture, Tile, Tiles

__all__ = ["Figure", "Row", "Shown", "draw", "has_charts"]

_COLOUR_MAPS: Final = {"map": "viridis", "difference": "coolwarm"}


class Shown(NamedTuple):
    """A tile as an image in the page."""

    source: str
    """A `data:` address with a PNG."""
    caption: Text
    width: int
    height: int


class Row(NamedTuple):
    """Tiles that are looked at together."""

    label: Text
    tiles: tuple[Shown, ...]


class Figure(NamedTuple):
    """A picture in a page, in one language."""

    kind: str
    """`tiles`, `chart` or `flow`."""
    title: Text
    note: Text | None
    rows: tuple[Row, ...] = ()
    chart: Markup | None = None
    """None where the plotting library is not there, or could not draw it."""
    flow: Flow | None = None


@cache
def has_charts() -> bool:
    """Say whether the plotting library is installed, which is an extra."""
    return find_spec("matplotlib") is not None


def draw(picture: Picture, language: Language) -> Figure:
    """Make a figure of a picture's data. Whatever cannot be drawn is left out of it."""
    match picture:
        case Tiles():
            rows = (Row(row.label, tuple(map(_shown, row.tiles))) for row in picture.rows)
            return Figure("tiles", picture.title, picture.note, rows=tuple(rows))
        case Chart():
            chart = _chart(picture, language)
            return Figure("chart", picture.title, picture.note, chart=chart)
        case Flow():
            return Figure("flow", picture.title, picture.note, flow=picture)


def _chart(picture: Chart, language: Language) -> Markup | None:
    if not has_charts():
        return None
    from grader.report.html.charts import draw_chart  # noqa: PLC0415 - matplotlib is an extra

    return draw_chart(picture, language)


def _shown(tile: Tile) -> Shown:
    depth = 3 if tile.kind == "colour" else 1
    values = np.frombuffer(tile.pixels, np.uint8)
    if values.size != tile.height * tile.width * depth:
        values = np.zeros(tile.height * tile.width * depth, np.uint8)
    pixels = values.reshape(tile.height, tile.width, depth)
    if depth == 1:
        pixels = _colours(tile.kind)[pixels[..., 0]]
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "PNG", optimize=True)
    source = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    return Shown(source, tile.caption, tile.width, tile.height)


@cache
def _colours(kind: str) -> np.ndarray:
    """Give a colour for each byte: shape (256, 3), uint8. Without the plotting library greys."""
    if not has_charts():
        return np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    import matplotlib as mpl  # noqa: PLC0415 - an extra

    colours = mpl.colormaps[_COLOUR_MAPS[kind]](np.arange(256))[:, :3]
    return (colours * 255).round().astype(np.uint8)
