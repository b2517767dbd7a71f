"""Draws shapes10: ten classes of shapes on 32x32 RGB images, the same bytes on every machine.

All is integer arithmetic: coordinates in 64ths of a pixel, sines by Bhaskara's rational formula,
random numbers by SplitMix64 (Steele, Lea and Flood, 2014), written out here. No library's random
stream, rounding or font can change an image.
"""
# ruff: noqa: PLR2004 - the numbers below are the measures of the drawings

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["IMAGES_PER_BATCH", "LABEL_NAMES", "Batch", "draw_batch"]

Integers: TypeAlias = NDArray[np.int32]
Mask: TypeAlias = NDArray[np.bool_]
Pixels: TypeAlias = NDArray[np.uint8]
Words: TypeAlias = NDArray[np.uint64]

SIDE: Final = 32
"""Width and height of an image in pixels."""
IMAGES_PER_BATCH: Final = (600, 600, 600, 600, 600, 1000)
"""Images of the five training batches and of the test batch."""

_SEED: Final = 20240917
_CHUNK: Final = 200
"""Images drawn at once, so that the arrays fit into a processor's cache."""
_SIDE_BITS: Final = 5
"""SIDE is 2 to this power."""
_UNIT_BITS: Final = 6
_UNIT: Final = 1 << _UNIT_BITS
"""Units of length in a pixel."""
_SINE_BITS: Final = 12
"""A sine of 1 is 2 to this power."""
_SAMPLES: Final = 2
"""Points looked at along each side of a pixel: four in all."""
_RADIUS: Final = 1024
"""Units of a shape's own coordinates from its centre to its rim."""
_CLUTTER: Final = 3
"""Thin strokes behind a shape."""


class Batch(NamedTuple):
    """Images with their classes."""

    images: Pixels
    """Shape (N, 3, 32, 32), uint8: red, green, blue, then rows from the top."""
    labels: NDArray[np.int64]
    """Shape (N,): positions in LABEL_NAMES. Each class is there N / 10 times."""


class _Draws:
    """Random whole numbers for N images; each image has a stream of its own."""

    def __init__(self, first_image: int, count: int) -> None:
        self._images = np.arange(first_image, first_image + count, dtype=np.uint64)
        self._next = 0

    def words(self, count: int) -> Words:
        """Give `count` random words an image, shape (N, count)."""
        steps = np.arange(self._next, self._next + count, dtype=np.uint64)
        self._next += count
        return _mix((self._images[:, None] << np.uint64(20)) + steps)

    def between(self, low: int, high: int, count: int = 1) -> Integers:
        """Give whole numbers from low to high, both included, shape (N, count)."""
        top = self.words(count) >> np.uint64(32)
        scaled = (top * np.uint64(high - low + 1)) >> np.uint64(32)
        return scaled.astype(np.int32) + np.int32(low)


def draw_batch(number: int) -> Batch:
    """Draw one batch.

    Args:
        number: 0 to 4 for the training batches, 5 for the test batch.
    """
    first = sum(IMAGES_PER_BATCH[:number])
    count = IMAGES_PER_BATCH[number]
    labels = _shuffled_labels(number, count)
    images = np.empty((count, 3, SIDE, SIDE), dtype=np.uint8)
    for start in range(0, count, _CHUNK):
        chunk = slice(start, min(start + _CHUNK, count))
        images[chunk] = _draw(labels[chunk], first + start)
    return Batch(images, labels)


def _shuffled_labels(number: int, count: int) -> NDArray[np.int64]:
    ordered = np.arange(count, dtype=np.int64) % len(LABEL_NAMES)
    keys = _mix(np.arange(count, dtype=np.uint64) + (np.uint64(number + 1) << np.uint64(50)))
    return ordered[np.argsort(keys, kind="stable")]


def _mix(numbers: Words) -> Words:
    """Scatter numbers over 64 bits: SplitMix64's output for the seed plus each number."""
    z = (numbers + np.uint64(_SEED)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: Words = z ^ (z >> np.uint64(31))
    return result


def _draw(labels: NDArray[np.int64], first_image: int) -> Pixels:
    draws = _Draws(first_image, len(labels))
    background = _background(draws)
    for _ in range(_CLUTTER):
        background = _blend(background, _stroke(draws), draws.between(20, 150, 3))
    mean = background.sum(axis=(2, 3), dtype=np.int32) // SIDE**2
    ink = mean + draws.between(85, 140, 3)
    images = _blend(background, _shapes(labels, draws), ink) + _noise(draws, 12)
    # Half of all images are light on dark, half dark on light: no pixel by itself tells a class.
    is_negative = draws.between(0, 1).reshape(-1, 1, 1, 1)
    images = np.where(is_negative == 1, 255 - images, images)
    result: Pixels = np.clip(images, 0, 255).astype(np.uint8)
    return result


def _background(draws: _Draws) -> Integers:
    """Run from one dark colour to another, in any direction, shape (N, 3, 32, 32)."""
    x = _turned(draws.between(0, 359), *_grid(1))[0]
    along = np.clip((x >> _UNIT_BITS) + SIDE // 2, 0, SIDE)[:, None]
    first, second = draws.between(15, 105, 3), draws.between(15, 105, 3)
    step = (second - first)[:, :, None, None]
    result: Integers = first[:, :, None, None] + (step * along >> _SIDE_BITS)
    return result


def _stroke(draws: _Draws) -> Integers:
    """Cover a thin straight stroke anywhere, shape (N, 32, 32), in points of a pixel."""
    x, y = _centred(draws, 15, *_grid(_SAMPLES))
    u, v = _turned(draws.between(0, 359), x, y)
    length = draws.between(2 * _UNIT, 5 * _UNIT)[:, :, None]
    return _coverage((np.abs(u) < length) & (np.abs(v) < _UNIT // 2))


def _shapes(labels: NDArray[np.int64], draws: _Draws) -> Integers:
    """Cover each image's shape, shape (N, 32, 32), in points of a pixel."""
    x, y = _centred(draws, 2, *_grid(_SAMPLES))
    u, v = _turned(draws.between(-15, 15), x, y)
    scale = (_RADIUS << _SINE_BITS) // draws.between(11 * _UNIT, 14 * _UNIT)[:, :, None]
    u, v = u * scale >> _SINE_BITS, v * scale >> _SINE_BITS
    inside = np.empty(u.shape, dtype=np.bool_)
    for label, contains in enumerate(_SHAPES.values()):
        chosen = labels == label
        inside[chosen] = contains(u[chosen], v[chosen])
    return _coverage(inside)


def _grid(samples: int) -> tuple[Integers, Integers]:
    """Give the points' coordinates from the middle of an image, x and y, shape (1, S, S)."""
    step = _UNIT // samples
    points = np.arange(SIDE * samples, dtype=np.int32) * step + step // 2 - SIDE * _UNIT // 2
    return points[None, None, :], points[None, :, None]


def _centred(draws: _Draws, reach: int, x: Integers, y: Integers) -> tuple[Integers, Integers]:
    """Move the origin by up to `reach` pixels each way."""
    centre = draws.between(-reach * _UNIT, reach * _UNIT, 2)
    return x - centre[:, 0, None, None], y - centre[:, 1, None, None]


def _turned(degrees: Integers, x: Integers, y: Integers) -> tuple[Integers, Integers]:
    """Turn the axes, by one angle an image."""
    sine, cosine = _sine(degrees)[:, :, None], _sine(degrees + 90)[:, :, None]
    return (x * cosine + y * sine) >> _SINE_BITS, (y * cosine - x * sine) >> _SINE_BITS


def _sine(degrees: Integers) -> Integers:
    """Approximate 4096 sin, by Bhaskara's 4 x (180 - x) / (40500 - x (180 - x))."""
    half = degrees % 180
    product = half * (180 - half)
    size = (4 * product << _SINE_BITS) // (40500 - product)
    result: Integers = np.where(degrees % 360 < 180, size, -size)
    return result


def _coverage(inside: Mask) -> Integers:
    """Count the points of each pixel that are inside."""
    points = inside.astype(np.int32)
    rows = points[:, ::2] + points[:, 1::2]
    return rows[:, :, ::2] + rows[:, :, 1::2]


def _blend(images: Integers, coverage: Integers, colour: Integers) -> Integers:
    """Paint one colour an image, shape (N, 3), over what is covered."""
    step = colour[:, :, None, None] - images
    result: Integers = images + (step * coverage[:, None] >> 2)
    return result


def _noise(draws: _Draws, size: int) -> Integers:
    """Give noise with a triangular density from -size to size, shape (N, 3, 32, 32)."""
    words = draws.words(3 * SIDE * SIDE // 2)
    halves = np.stack([words & np.uint64(0xFFFFFFFF), words >> np.uint64(32)], axis=-1)
    first = halves & np.uint64(0xFFFF)
    second = halves >> np.uint64(16)
    spread = (first + second).astype(np.int32) - 0xFFFF
    return (spread * size >> 16).reshape(-1, 3, SIDE, SIDE)


def _disc(u: Integers, v: Integers) -> Mask:
    return _within(u, v, 920)


def _within(u: Integers, v: Integers, radius: int) -> Mask:
    result: Mask = u * u + v * v < radius * radius
    return result


def _ring(u: Integers, v: Integers) -> Mask:
    return _within(u, v, 1000) & ~_within(u, v, 620)


def _crescent(u: Integers, v: Integers) -> Mask:
    return _within(u, v, 1000) & ~_within(u - 480, v, 820)


def _square(u: Integers, v: Integers) -> Mask:
    return _box(u, v, 800, 800)


def _box(u: Integers, v: Integers, width: int, height: int) -> Mask:
    result: Mask = (np.abs(u) < width) & (np.abs(v) < height)
    return result


def _frame(u: Integers, v: Integers) -> Mask:
    return _box(u, v, 880, 880) & ~_box(u, v, 520, 520)


def _triangle(u: Integers, v: Integers) -> Mask:
    # y points down: the tip is at the top.
    result: Mask = (v < 640) & (2 * np.abs(u) < 1080 + v)
    return result


def _cross(u: Integers, v: Integers) -> Mask:
    return _box(u, v, 280, 980) | _box(u, v, 980, 280)


def _star(u: Integers, v: Integers) -> Mask:
    # In a tip of the star, one side of the pentagon within is overstepped, and no other.
    degrees = np.arange(5, dtype=np.int32)[:, None, None, None] * 72
    within = u * _sine(degrees) + v * _sine(degrees + 90) < 400 << _SINE_BITS
    result: Mask = within.sum(axis=0) >= 4
    return result


def _arrow(u: Integers, v: Integers) -> Mask:
    head = (u > 0) & (u < 1000 - np.abs(v))
    result: Mask = head | ((u > -960) & (u <= 0) & (np.abs(v) < 280))
    return result


def _hourglass(u: Integers, v: Integers) -> Mask:
    result: Mask = (np.abs(v) < 880) & (np.abs(u) < np.abs(v) + 60)
    return result


_SHAPES: Final[dict[str, Callable[[Integers, Integers], Mask]]] = {
    "disc": _disc,
    "ring": _ring,
    "crescent": _crescent,
    "square": _square,
    "frame": _frame,
    "triangle": _triangle,
    "cross": _cross,
    "star": _star,
    "arrow": _arrow,
    "hourglass": _hourglass,
}
"""Say of points in a shape's own coordinates, x to the right and y down, which are inside."""

LABEL_NAMES: Final = tuple(_SHAPES)
