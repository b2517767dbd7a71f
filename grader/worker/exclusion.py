"""Leaves out the statements that ended a former worker, so that the rest can be loaded."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from grader.worker.definitions import Kept
from grader.worker.names import Definition, Names, names_of


class Exclusion(NamedTuple):
    """What is tried again and what is not."""

    kept: list[Kept]
    excluded: list[Kept]


def exclude(kept: Sequence[Kept], lines: Iterable[tuple[int | None, int]]) -> Exclusion:
    """Take out the statements that were running when a worker ended.

    Where the line lies in a function, the function is not at fault but what called it while the
    file was loaded. Only if nothing did, is the definition itself left out.

    Args:
        kept: What would be run.
        lines: Cell and line at which workers ended, in that order.
    """
    remaining, excluded = list(kept), []
    for cell, line in lines:
        culprits = _culprits(remaining, cell, line)
        excluded += culprits
        remaining = [statement for statement in remaining if statement not in culprits]
    return Exclusion(remaining, excluded)


def _culprits(kept: Sequence[Kept], cell: int | None, line: int) -> list[Kept]:
    at_line = [statement for statement in kept if _spans(statement, cell, line)]
    if not all(isinstance(statement.node, Definition) for statement in at_line):
        return at_line
    names = {name for statement in at_line for name in statement.names}
    return _users(kept, names) or at_line


def _spans(statement: Kept, cell: int | None, line: int) -> bool:
    node = statement.node
    first = min([node.lineno, *(mark.lineno for mark in getattr(node, "decorator_list", []))])
    return statement.cell == cell and first <= line <= (node.end_lineno or node.lineno)


def _users(kept: Sequence[Kept], names: set[str]) -> list[Kept]:
    """Return the statements, definitions aside, that use a name directly or through others."""
    found: list[Kept] = []
    uses = [(statement, _uses_of(statement.node)) for statement in kept]
    reached, size = set(names), -1
    while size < len(reached):
        size = len(reached)
        for statement, used in uses:
            if used & reached:
                reached.update(statement.names)
    for statement, used in uses:
        if used & reached and not isinstance(statement.node, Definition):
            found.append(statement)
    return found


def _uses_of(node: ast.stmt) -> frozenset[str]:
    names: Names = names_of(node)
    return names.direct | names.late
