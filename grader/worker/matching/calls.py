"""Calls of a library's function that a script makes in place of defining one of its own.

A script about `F.conv2d` defines nothing: it calls, and prints. What it called with is its answer.
"""

from __future__ import annotations

import ast
import contextlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from grader.worker.names import Definition
from grader.worker.parsing import Statement

_PARAMETERS: Final = {
    "conv2d": ("input", "weight", "bias", "stride", "padding", "dilation", "groups"),
}
"""Of the functions that can be asked for; torch's own have no signature to read."""
_DATA: Final = frozenset({"input", "weight", "bias"})
_DEFAULTS: Final = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
_MAX_CALLS: Final = 50
_MAX_NUMBER: Final = 99

_MAX_TURNS: Final = 20

Options = dict[str, int]
Numbers = Mapping[str, int]


class LibraryCall(NamedTuple):
    """One call of the function, with what it was told beside the data."""

    function: str
    """Its dotted name, as it was asked for."""
    written: str
    """What is called, as it is written: `F.conv2d`."""
    options: Options
    line: int
    cell: int | None


def find_calls(statements: Iterable[Statement], functions: Iterable[str]) -> list[LibraryCall]:
    """Give the calls of some functions that lie in no class, in the order of the file.

    A call is left out where an option is more than a number, a pair of equal ones, or a name that
    the file gives one to.
    """
    wanted = {name.rpartition(".")[2]: name for name in functions}
    if not wanted:
        return []
    statements = list(statements)
    numbers, uses = _numbers(statements), _calls_by_name(statements)
    found = []
    for node, cell in statements:
        for call, known in _calls(node, numbers, uses):
            name = _called(call)
            if name in wanted and (options := _options(name, call, known)) is not None:
                written = ast.unparse(call.func)
                found.append(LibraryCall(wanted[name], written, options, call.lineno, cell))
            if len(found) >= _MAX_CALLS:
                return found
    return found


def assign_results(
    calls: Sequence[LibraryCall], results: Mapping[str, Mapping[str, int]]
) -> dict[str, LibraryCall]:
    """Say which call makes which result: the one with its options, or else one that is left over.

    A call that is left over stands for the result whose options it comes nearest to, so that a
    mistake in it is seen as one.
    """
    wanted = {name: _DEFAULTS | dict(options) for name, options in results.items()}
    exact = {
        name: call
        for name, options in wanted.items()
        for call in reversed(calls)
        if call.options == options
    }
    # The default is what a changed call was changed from; it is never what was meant by one.
    for call in calls:
        changed = {key for key, value in call.options.items() if value != _DEFAULTS[key]}
        if call in exact.values() or not changed:
            continue
        for name, options in wanted.items():
            meant = {key for key, value in options.items() if value != _DEFAULTS[key]}
            if name not in exact and meant and meant <= changed:
                exact[name] = call
                break
    return exact


def _calls(
    root: ast.AST, numbers: Mapping[str, int], uses: Mapping[str, Sequence[ast.Call]]
) -> Iterator[tuple[ast.Call, Numbers]]:
    """Give each call, with the numbers that names stand for at it.

    It is given once a turn of a plain loop, and once a call of the function that it lies in.
    """
    pending: list[tuple[ast.AST, Numbers]] = [(root, numbers)]
    while pending:
        node, known = pending.pop(0)
        if isinstance(node, ast.Call):
            yield node, known
        if isinstance(node, ast.ClassDef | ast.Lambda):
            continue
        # A loop within a loop is gone through once: two of them multiply.
        turns = []
        if known is numbers and isinstance(node, ast.For):
            turns = _turns(node.target, node.iter)
        elif known is numbers and isinstance(node, ast.ListComp | ast.GeneratorExp):
            turns = _turns(node.generators[0].target, node.generators[0].iter)
        elif known is numbers and isinstance(node, ast.FunctionDef):
            sites = uses.get(node.name, ())[:_MAX_TURNS]
            turns = [_passed(node, call, numbers) for call in sites]
        children = list(ast.iter_child_nodes(node))
        pending[:0] = [
            (child, {**known, **turn} if turn else known)
            for turn in turns or [{}]
            for child in children
        ]


def _turns(target: ast.expr, source: ast.expr) -> list[dict[str, int]]:
    """Give what the names of a loop stand for at each turn, where it goes through plain numbers."""
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    try:
        items = list(itertools.islice(_sequence(source), _MAX_TURNS))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return []
    rows = [item if isinstance(item, tuple | list) else (item,) for item in items]
    return [
        {name: value for name, value in zip(names, row, strict=False) if type(value) is int}
        for row in rows
    ]


def _sequence(node: ast.expr) -> Sequence[object]:
    """Return what a loop goes through, be it spelt out or a `range` of numbers."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        return range(*[ast.literal_eval(each) for each in node.args])
    found: Sequence[object] = ast.literal_eval(node)
    return found


def _calls_by_name(statements: Iterable[Statement]) -> dict[str, list[ast.Call]]:
    found: dict[str, list[ast.Call]] = {}
    for node, _ in statements:
        for call in ast.walk(node):
            if isinstance(call, ast.Call):
                found.setdefault(_called(call), []).append(call)
    return found


def _passed(
    function: ast.FunctionDef, call: ast.Call, numbers: Mapping[str, int]
) -> dict[str, int]:
    """Return what the parameters of a function of the file stand for at one call of it."""
    names = [each.arg for each in function.args.args]
    defaults = function.args.defaults[-len(names) :] if names else []
    given = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    given |= dict(zip(names, call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords if word.arg}
    values = {name: _number(value, numbers) for name, value in given.items()}
    return {name: value for name, value in values.items() if value is not None}


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id
    if not isinstance(function, ast.Attribute):
        return ""
    owner = function.value
    return "" if isinstance(owner, ast.Name) and owner.id == "self" else function.attr


def _options(name: str, call: ast.Call, numbers: Mapping[str, int]) -> Options | None:
    parameters = _PARAMETERS.get(name, ())
    has_unknown = any(word.arg is None for word in call.keywords)
    if has_unknown or any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    given = dict(zip(parameters, call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords if word.arg}
    if not {"input", "weight"} <= given.keys():
        return None
    options = dict(_DEFAULTS)
    for key in given.keys() & _DEFAULTS.keys():
        value = _number(given[key], numbers)
        if value is None:
            return None
        options[key] = value
    return options


def _number(node: ast.expr, numbers: Mapping[str, int]) -> int | None:
    if isinstance(node, ast.Name):
        return numbers.get(node.id)
    with contextlib.suppress(ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        value = ast.literal_eval(node)
        if isinstance(value, tuple) and len(set(value)) == 1:
            value = value[0]
        if type(value) is int and 0 <= value <= _MAX_NUMBER:
            return value
    return None


def _numbers(statements: Iterable[Statement]) -> dict[str, int]:
    """Return the names that the file gives a whole number to."""
    found = {}
    for node, _ in statements:
        if isinstance(node, Definition):
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.Assign) and isinstance(inner.value, ast.Constant):
                for target in inner.targets:
                    if isinstance(target, ast.Name) and type(inner.value.value) is int:
                        found[target.id] = inner.value.value
    return found
