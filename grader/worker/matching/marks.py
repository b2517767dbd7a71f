"""Layers with their numbers, such as `Conv2d(3, 6)`, by which one network is told from another."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from grader.worker.tree import last_name

_MARK: Final = re.compile(r"(\w+)\((\w+), (\w+)\)")
_ANY: Final = "_"
_ARGUMENTS: Final = {
    "Conv2d": ("in_channels", "out_channels"),
    "Linear": ("in_features", "out_features"),
}
"""Layers that two numbers tell."""


class _Sized(NamedTuple):
    """A layer and its first two numbers; None for one that is not spelt out."""

    kind: str
    numbers: tuple[int | None, ...]


def is_about_something_else(node: ast.AST, marks: Iterable[str]) -> bool:
    """Whether every layer is spelt out, and none is like one of the marks."""
    wanted = [match.groups() for match in map(_MARK.fullmatch, marks) if match is not None]
    layers = list(_layers(node))
    if not wanted or not layers or any(None in layer.numbers for layer in layers):
        return False
    return not any(_is_like(layer, mark) for layer in layers for mark in wanted)


def _is_like(layer: _Sized, mark: tuple[str, ...]) -> bool:
    kind, *numbers = mark
    given = [str(number) for number in layer.numbers]
    return layer.kind == kind and all(
        wanted in (_ANY, number) for wanted, number in zip(numbers, given, strict=True)
    )


def _layers(root: ast.AST) -> Iterator[_Sized]:
    for node in ast.walk(root):
        kind = last_name(node.func) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and kind in _ARGUMENTS:
            by_name = {word.arg: word.value for word in node.keywords}
            given = [
                node.args[place] if place < len(node.args) else by_name.get(name)
                for place, name in enumerate(_ARGUMENTS[kind])
            ]
            yield _Sized(kind, tuple(_number(each) for each in given))


def _number(node: ast.AST | None) -> int | None:
    """Return a whole number, also one that is written as a product."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = _number(node.left), _number(node.right)
        return None if left is None or right is None else left * right
    value = node.value if isinstance(node, ast.Constant) else None
    return value if type(value) is int else None
