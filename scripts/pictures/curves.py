"""Pictures of the activation functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import torch
from pictures.svg import Picture
from torch.nn import functional

_WIDTH: Final = 16.0
_HEIGHT: Final = 26.0
"""Of a unit of x and of y, in pixels."""
_REACH: Final = 4
_TOP: Final = 2.0
_BOTTOM: Final = -1.5
_SLOPE: Final = 0.1
_SOFTMAX_INPUT: Final = (2.0, 1.0, 0.0)

Function = Callable[[torch.Tensor], torch.Tensor]


def activations() -> Picture:
    """Draw the four curves, and one softmax as bars."""
    picture = Picture(
        "Five activation functions 五个激活函数",
        "relu is 0 on the left and x on the right; leaky_relu is slightly negative on the left; "
        "sigmoid rises from near 0 to near 1, tanh from near -1 to near 1; softmax turns 2, 1, 0 "
        "into 0.665, 0.245, 0.090, which add up to 1. "
        "relu 左边为 0，右边为 x；leaky_relu 左边略小于 0；sigmoid 从接近 0 升到接近 1，"
        "tanh 从接近 -1 升到接近 1；softmax 把 2、1、0 变成 0.665、0.245、0.090，和为 1。",
    )
    functions: dict[str, Function] = {
        "relu": torch.relu,
        f"leaky_relu, slope {_SLOPE}": lambda x: functional.leaky_relu(x, _SLOPE),
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
    }
    for number, (name, function) in enumerate(functions.items()):
        _curve(picture, 46 + 212.0 * (number % 2), 26 + 138.0 * (number // 2), name, function)
    _softmax(picture, 486, 48)
    return picture


def _curve(picture: Picture, left: float, top: float, name: str, function: Function) -> None:
    """Draw one function over its axes; `left` and `top` are those of the area."""

    def place(x: float, y: float) -> tuple[float, float]:
        return left + (x + _REACH) * _WIDTH, top + (_TOP - y) * _HEIGHT + 12

    picture.text(left + _REACH * _WIDTH, top - 4, name, "dim")
    picture.path([place(-_REACH, 0), place(_REACH, 0)])
    picture.path([place(0, _BOTTOM), place(0, _TOP)])
    for y in (-1, 1):
        picture.path([place(-_REACH, y), place(_REACH, y)], "pad")
        x, height = place(-_REACH, y)
        picture.text(x - 14, height, str(y), "dim", size=11)
    xs = torch.linspace(-_REACH, _REACH, 65, dtype=torch.float64)
    pairs = zip(xs.tolist(), function(xs).tolist(), strict=True)
    picture.path([place(x, y) for x, y in pairs if y <= _TOP], "curve")
    picture.text(left + 2 * _REACH * _WIDTH + 10, place(0, 0)[1], "x", "dim", size=11)


def _softmax(picture: Picture, left: float, top: float) -> None:
    height = 196.0
    picture.text(left + 81, top - 26, "softmax", "dim")
    values = torch.tensor(_SOFTMAX_INPUT, dtype=torch.float64).softmax(0)
    for number, (value, share) in enumerate(zip(_SOFTMAX_INPUT, values.tolist(), strict=True)):
        x = left + 56 * number
        picture.rect(x, top + height * (1 - share), 46, height * share, "orange")
        picture.text(x + 23, top + height * (1 - share) - 10, f"{share:.3f}", size=12)
        picture.text(x + 23, top + height + 14, f"{value:g}", "dim")
    picture.path([(left - 8, top + height), (left + 170, top + height)])
