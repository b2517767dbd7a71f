"""Walks syntax trees. Each node's children are listed once: many passes ask for them."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def children_of(node: ast.AST) -> tuple[ast.AST, ...]:
    """Return the nodes right below a node, but for those that only say `Load` or `Store`.

    They are kept on the node, which nobody changes once it is parsed.
    """
    known: tuple[ast.AST, ...] | None = vars(node).get("_children")
    if known is None:
        known = tuple(_list_children(node))
        node._children = known  # type: ignore[attr-defined]  # noqa: SLF001 - our own mark
    return known


def _list_children(node: ast.AST) -> Iterator[ast.AST]:
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            for item in value:
                if isinstance(item, ast.AST):
                    yield item
        elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
            yield value


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Give a node and all below it, in no particular order."""
    pending = [node]
    while pending:
        inner = pending.pop()
        yield inner
        pending.extend(children_of(inner))


def last_name(node: ast.AST) -> str:
    """Return the last part of a dotted name: `Conv2d` of `nn.Conv2d`; nothing of anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
