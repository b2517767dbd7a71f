"""What expressions give where a script spells it out: numbers, texts, lists, dictionaries."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from grader.worker.names import Definition
from grader.worker.parsing import Statement

MAX_ITEMS: Final = 20
"""Of what is longer the rest is not looked at."""
_MAX_NUMBER: Final = 10**9
_FIELDS: Final = "<fields>"
"""Under this key a data class holds its fields; a dictionary of a script never has it."""

Literal = int | str | list["Literal"] | dict[str, "Literal"] | None
Known = Mapping[str, Literal]
"""What names stand for; None where it is not known."""


def known_at_the_end(statements: Iterable[Statement]) -> dict[str, Literal]:
    """Return what the names of a file stand for in the end."""
    found: dict[str, Literal] = {}
    for node, _ in statements:
        if isinstance(node, ast.ClassDef) and any(map(_is_dataclass, node.decorator_list)):
            found[node.name] = {_FIELDS: _fields_of(node, found)}
        if isinstance(node, Definition):
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.Assign | ast.AnnAssign):
                found.update(assigned(inner, found))
    return found


def _is_dataclass(decorator: ast.expr) -> bool:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name == "dataclass"


def _fields_of(node: ast.ClassDef, known: Known) -> Literal:
    """Return the fields of a data class, each with its default."""
    fields: list[Literal] = []
    for each in node.body:
        if isinstance(each, ast.AnnAssign | ast.Assign):
            pairs: list[Literal] = [list(pair) for pair in assigned(each, known).items()]
            fields += pairs
    return fields


def assigned(node: ast.Assign | ast.AnnAssign, known: Known) -> Known:
    """Return what an assignment gives to plain names."""
    value = value_of(node.value, known)
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {target.id: value for target in targets if isinstance(target, ast.Name)}


def value_of(node: ast.expr | None, known: Known) -> Literal:
    """Return what an expression gives, as far as it is spelt out; None where it is not."""
    try:
        return _evaluated(node, known)
    except RecursionError:
        return None


def turns_of(target: ast.expr, source: ast.expr, known: Known) -> list[Known]:
    """Give what the names of a loop stand for at each turn, where what it goes through is known."""
    items = value_of(source, known)
    rows = list(items)[:MAX_ITEMS] if isinstance(items, list | dict) else []
    return [dict(_unpacked(target, row)) for row in rows]


def _unpacked(target: ast.expr, value: Literal) -> Iterator[tuple[str, Literal]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, list):
        for each, part in zip(target.elts, value, strict=False):
            yield from _unpacked(each, part)


def _evaluated(node: ast.expr | None, known: Known) -> Literal:
    evaluate = _BY_KIND.get(type(node))
    return None if evaluate is None else evaluate(node, known)


def _constant(node: ast.Constant, _: Known) -> Literal:
    is_plain = isinstance(node.value, int | str) and not isinstance(node.value, bool)
    return node.value if is_plain else None  # type: ignore[return-value]


def _name(node: ast.Name, known: Known) -> Literal:
    return known.get(node.id)


def _attribute(node: ast.Attribute, known: Known) -> Literal:
    held = _evaluated(node.value, known)
    return held.get(node.attr) if isinstance(held, dict) else None


def _list(node: ast.List | ast.Tuple, known: Known) -> Literal:
    return [_evaluated(each, known) for each in node.elts[:MAX_ITEMS]]


def _dictionary(node: ast.Dict, known: Known) -> Literal:
    pairs = zip(node.keys[:MAX_ITEMS], node.values, strict=False)
    return {_key(key): _evaluated(value, known) for key, value in pairs if _key(key)}


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
    held = known.get(name)
    if isinstance(held, dict) and _FIELDS in held:
        return _object(dict(held[_FIELDS]), given, call, known)  # type: ignore[arg-type]
    return _of_sequences(name, given)


def _of_sequences(name: str, given: list[Literal]) -> Literal:
    """Return what Python's own `range`, `enumerate` and `zip` give."""
    lists = [each for each in given if isinstance(each, list)]
    if name == "range":
        return _range(given)
    if name == "enumerate" and lists:
        return [[number, each] for number, each in enumerate(lists[0])]
    is_zip = name == "zip" and len(lists) == len(given)
    return [list(row) for row in zip(*lists, strict=False)] if is_zip else None


def _object(
    fields: dict[str, Literal], given: list[Literal], call: ast.Call, known: Known
) -> Literal:
    """Return what an object of a data class holds, by field."""
    passed = dict(zip(fields, given, strict=False))
    named = {word.arg: _evaluated(word.value, known) for word in call.keywords if word.arg}
    return {**fields, **passed, **named}


def _range(given: list[Literal]) -> Literal:
    numbers = [each for each in given if isinstance(each, int)]
    try:
        return list(itertools.islice(range(*numbers), MAX_ITEMS))
    except (TypeError, ValueError):
        return None


def _key(node: ast.expr | None) -> str:
    key = str(node.value) if isinstance(node, ast.Constant) else ""
    return "" if key == _FIELDS else key


def _part(node: ast.Subscript, known: Known) -> Literal:
    held, place = _evaluated(node.value, known), node.slice
    if isinstance(place, ast.Slice) and isinstance(held, list):
        sides = [_whole(side) for side in (place.lower, place.upper, place.step)]
        return held[slice(*sides)] if 0 not in sides[2:] else None
    if isinstance(held, dict):
        return held.get(_key(place))
    number = _whole(place)
    if isinstance(held, list) and number is not None and -len(held) <= number < len(held):
        return held[number]
    return None


def _whole(node: ast.expr | None) -> int | None:
    """Return a whole number that is written as one, `-1` included."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _whole(node.operand)
        return None if number is None else -number
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, int) else None


def _reckoned(node: ast.BinOp, known: Known) -> Literal:
    left, right = _evaluated(node.left, known), _evaluated(node.right, known)
    if not isinstance(left, int) or not isinstance(right, int):
        return None
    values = {ast.Mult: left * right, ast.Add: left + right, ast.Sub: left - right}
    found = values.get(type(node.op))
    return found if found is not None and abs(found) <= _MAX_NUMBER else None


_BY_KIND: Final[Mapping[type, Callable[[Any, Known], Literal]]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.List: _list,
    ast.Tuple: _list,
    ast.Dict: _dictionary,
    ast.Subscript: _part,
    ast.BinOp: _reckoned,
    ast.Call: _called_value,
}
