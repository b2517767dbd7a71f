"""Layers and networks that a script makes at its top level, without a class round them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from grader.worker.matching.profiles import LAYERS, layers_of
from grader.worker.parsing import Statement


class LayerObject(NamedTuple):
    """A name that is given to a layer, or to an `nn.Sequential`, at the top level."""

    name: str
    line: int
    cell: int | None
    layers: tuple[str, ...]
    node: ast.Call
    """What makes it."""


def find_objects(statements: Iterable[Statement]) -> Iterator[LayerObject]:
    """Give the layers and networks that are given a name."""
    for node, cell in statements:
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
            continue
        target = node.targets[0]
        if not isinstance(target, ast.Name) or not _makes_layers(node.value):
            continue
        layers = tuple(layers_of(node.value))
        if layers:
            yield LayerObject(target.id, node.lineno, cell, layers, node.value)


def _makes_layers(call: ast.Call) -> bool:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name == "Sequential" or name in LAYERS
