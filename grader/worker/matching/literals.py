"""What expressions give where a script spells it out: numbers, texts, lists, dictionaries."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable
from typing import Final

from grader.worker.names import Definition
from grader.worker.parsing import Statement

MAX_ITEMS: Final = 20
"""Of what is longer the rest is not looked at."""

Literal = int | str | list["Literal"] | dict[str, "Literal"] | None
Known = dict[str, Literal]
"""What names stand for; None where it is not known."""


def known_at_the_end(statements: Iterable[Statement]) -> Known:
    """Return what the names of a file stand for in the end."""
    found: Known = {}
    for node, _ in statements:
        if isinstance(node, Definition):
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.Assign):
                found.update(assigned(inner, found))
    return found


def assigned(node: ast.Assign, known: Known) -> Known:
    """Return what an assignment gives to plain names."""
    value = value_of(node.value, known)
    return {target.id: value for target in node.targets if isinstance(target, ast.Name)}


def value_of(node: ast.expr | None, known: Known) -> Literal:
    """Return what an expression gives, as far as it is spelt out; None where it is not."""
    try:
        return _evaluated(node, known)
    except RecursionError:
        return None


def _evaluated(node: ast.expr | None, known: Known) -> Literal:
    if isinstance(node, ast.Constant):
        is_plain = isinstance(node.value, int | str) and not isinstance(node.value, bool)
        return node.value if is_plain else None  # type: ignore[return-value]
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.List | ast.Tuple):
        return [_evaluated(each, known) for each in node.elts[:MAX_ITEMS]]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys[:MAX_ITEMS], node.values, strict=False)
        return {_key(key): _evaluated(value, known) for key, value in pairs if _key(key)}
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return _item(_evaluated(node.value, known), node.slice.value)
    return _called_value(node, known) if isinstance(node, ast.Call) else None


def _called_value(call: ast.Call, known: Known) -> Literal:
    """Return what `range(3)`, `dict(stride=1)`, `cases.items()` and the like give."""
    if isinstance(call.func, ast.Attribute):
        held = _evaluated(call.func.value, known)
        if not isinstance(held, dict):
            return None
        pairs: list[Literal] = [[key, value] for key, value in held.items()]
        return {"items": pairs, "values": list(held.values())}.get(call.func.attr)
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name == "dict" and not call.args:
        return {word.arg: _evaluated(word.value, known) for word in call.keywords if word.arg}
    given = [_evaluated(each, known) for each in call.args]
    if name == "range":
        return _range(given)
    lists = [each for each in given if isinstance(each, list)]
    if name == "enumerate" and lists:
        return [[number, each] for number, each in enumerate(lists[0])]
    is_zip = name == "zip" and len(lists) == len(given)
    return [list(row) for row in zip(*lists, strict=False)] if is_zip else None


def _range(given: list[Literal]) -> Literal:
    numbers = [each for each in given if isinstance(each, int)]
    try:
        return list(itertools.islice(range(*numbers), MAX_ITEMS))
    except (TypeError, ValueError):
        return None


def _key(node: ast.expr | None) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _item(held: Literal, key: object) -> Literal:
    if isinstance(held, dict):
        return held.get(str(key))
    if isinstance(held, list) and isinstance(key, int) and -len(held) <= key < len(held):
        return held[key]
    return None
