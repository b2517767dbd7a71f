"""Pictures in a report, as data: who shows the report draws them.

Each belongs to a task. Values were compared by nobody: a picture scores nothing.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from grader.language import Text

__all__ = ["Chart", "Curve", "Flow", "Picture", "Step", "Tile", "TileRow", "Tiles"]

Role = Literal["yours", "expected", "other"]


class Tile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A small image, such as one feature map."""

    caption: Text
    """What it shows, in a few words."""
    kind: Literal["colour", "map", "difference"]
    """`colour`: RGB. `map`: one value a pixel. `difference`: one value a pixel, 0 in the middle."""
    height: int
    """Pixels."""
    width: int
    """Pixels."""
    low: float
    """The value that a byte of 0 stands for."""
    high: float
    """The value that a byte of 255 stands for."""
    pixels: bytes
    """Row by row, one byte a value; three a pixel for `colour`."""


class TileRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tiles that are looked at together, such as one channel of two networks."""

    label: Text
    """What they have in common."""
    tiles: tuple[Tile, ...]
    """In reading order."""


class Tiles(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="tiles"):
    """Images beside each other."""

    task: str
    """The id of the task that it is about."""
    title: Text
    """What is to be seen."""
    note: Text | None
    """What to look for."""
    rows: tuple[TileRow, ...]
    """At least one."""


class Curve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line in a chart."""

    label: Text
    """Its name in the legend."""
    role: Role
    """Whose values they are."""
    x: tuple[float, ...]
    """Finite, as many as `y`."""
    y: tuple[float | None, ...]
    """Finite, or null where the submission gave no finite number."""


class Chart(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="chart"):
    """Lines over a common axis."""

    task: str
    """The id of the task that it is about."""
    title: Text
    """What is to be seen."""
    note: Text | None
    """What to look for."""
    x_label: Text
    """What the horizontal axis is."""
    y_label: Text
    """What the vertical axis is."""
    curves: tuple[Curve, ...]
    """At least one."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A layer that the values passed through."""

    kind: str
    """The layer's class in the submission; empty where it has no such layer."""
    shape: tuple[int, ...] | None
    """The shape behind it; null where none came out."""
    expected_kind: str
    """The layer's class in the solution; empty where it has no such layer."""
    expected: tuple[int, ...] | None
    """The shape behind that one; null where there is none."""


class Flow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="flow"):
    """The shapes on the way through a network."""

    task: str
    """The id of the task that it is about."""
    title: Text
    """What is to be seen."""
    note: Text | None
    """What to look for."""
    input_shape: tuple[int, ...]
    """What went in."""
    steps: tuple[Step, ...]
    """In the order of the calls."""
    broken_at: int | None
    """The first step that is not as expected, from 0; null where all are."""
    error: Text | None
    """Why nothing came out of the last step; null where all went well."""


Picture = Tiles | Chart | Flow
