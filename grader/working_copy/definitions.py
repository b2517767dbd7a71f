"""Puts the definitions of a task back as they were handed out, and leaves the rest of a file."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

__all__ = ["restored", "without"]


class _Statement(NamedTuple):
    """A statement at the top level, and the lines that it takes, from 0."""

    names: frozenset[str]
    first: int
    last: int


def restored(source: str, original: str, names: Sequence[str]) -> str:
    """Replace what defines some names by what defined them in the beginning.

    Of several definitions of a name the first is replaced and the others go; one that is missing
    comes to the end, in front of a `__main__` block.

    Args:
        source: The student's script, or a cell.
        original: The script as it was handed out.
        names: What to put back.

    Raises:
        SyntaxError: The student's source cannot be parsed.
    """
    lines = source.splitlines()
    originals = original.splitlines()
    given = {name: one for one in _statements(original) for name in one.names}
    for name in names:
        if name not in given:
            continue
        text = originals[given[name].first : given[name].last + 1]
        found = [one for one in _statements("\n".join(lines)) if name in one.names]
        for one in reversed(found[1:]):
            del lines[one.first : one.last + 1]
        if found:
            lines[found[0].first : found[0].last + 1] = text
        else:
            place = _end(lines)
            lines[place:place] = ["", "", *text, *([""] if place < len(lines) else [])]
    return "\n".join(lines).strip("\n") + "\n"


def without(source: str, names: Iterable[str]) -> str:
    """Leave out what defines some names.

    Raises:
        SyntaxError: The source cannot be parsed.
    """
    found = [one for one in _statements(source) if one.names.intersection(names)]
    if not found:
        return source
    lines = source.splitlines()
    for one in reversed(found):
        del lines[one.first : one.last + 1]
    return "\n".join(lines)


def _statements(source: str) -> Iterator[_Statement]:
    for node in ast.parse(source).body:
        decorators = getattr(node, "decorator_list", [])
        first = min(each.lineno for each in (node, *decorators)) - 1
        last = (node.end_lineno or node.lineno) - 1
        yield _Statement(frozenset(_defined(node)), first, last)


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _end(lines: Sequence[str]) -> int:
    """Find where a definition can be added: in front of the last `__main__` block, or the end."""
    for node in reversed(ast.parse("\n".join(lines)).body):
        if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test):
            return node.lineno - 1
    return len(lines)
