"""Takes the annotations off assignments: `net: Net = Net()` is looked at as `net = Net()`."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from grader.worker.parsing import Statement
from grader.worker.tree import walk


def without_annotations(statements: Sequence[Statement]) -> Sequence[Statement]:
    """Return the statements with plain assignments; the same ones where none is annotated."""
    nodes = (inner for node, _ in statements for inner in walk(node))
    if not any(isinstance(inner, ast.AnnAssign) and inner.value for inner in nodes):
        return statements
    return [Statement(_plain(node), cell) for node, cell in statements]


def _plain(node: ast.AST) -> Any:  # noqa: ANN401 - a node of the same kind, mostly
    """Copy a tree; the one that was parsed is what runs."""
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        made = ast.Assign([_plain(node.target)], _plain(node.value))
        return ast.copy_location(made, node)
    fields = {name: _copied(value) for name, value in ast.iter_fields(node)}
    return ast.copy_location(type(node)(**fields), node)


def _copied(value: object) -> object:
    if isinstance(value, list):
        return [_copied(each) for each in value]
    return _plain(value) if isinstance(value, ast.AST) else value
