"""Calls of a library's function that a script makes in place of defining one of its own.

A script about `F.conv2d` defines nothing: it calls, and prints. What it called with is its answer.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from grader.worker.matching.literals import (
    MAX_ITEMS,
    Known,
    Literal,
    assigned,
    known_at_the_end,
    value_of,
)
from grader.worker.parsing import Statement

_PARAMETERS: Final = {
    "conv2d": ("input", "weight", "bias", "stride", "padding", "dilation", "groups"),
}
"""Of the functions that can be asked for; torch's own have no signature to read."""
_DEFAULTS: Final = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
_MAX_CALLS: Final = 50
_MAX_NUMBER: Final = 99

Options = dict[str, int]


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

    A call is left out where an option is more than a number, a pair of equal ones, or what the file
    gives one to: a name, an entry of a dictionary, `**settings`.
    """
    wanted = {name.rpartition(".")[2]: name for name in functions}
    if not wanted:
        return []
    statements = list(statements)
    known, uses = known_at_the_end(statements), _calls_by_name(statements)
    found = []
    for node, cell in statements:
        for call, here in _calls(node, known, uses):
            name = _called(call)
            if name in wanted and (options := _options(name, call, here)) is not None:
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
    root: ast.AST, known: Known, uses: Mapping[str, Sequence[ast.Call]]
) -> Iterator[tuple[ast.Call, Known]]:
    """Give each call, with what names stand for at it.

    It is given once a turn of a plain loop, and once a call of the function that it lies in. What
    a statement at the top level assigns is noted in `known` for those after it.
    """
    pending: list[tuple[ast.AST, Known, bool]] = [(root, known, True)]
    while pending:
        node, here, is_outer = pending.pop(0)
        if isinstance(node, ast.Call):
            yield node, here
        elif isinstance(node, ast.Assign):
            here.update(assigned(node, here))
        elif isinstance(node, ast.ClassDef | ast.Lambda):
            continue
        # A loop within a loop is gone through once: two of them multiply.
        turns: list[Known] = []
        if is_outer and isinstance(node, ast.For):
            turns = _turns(node.target, node.iter, here)
        elif is_outer and isinstance(node, ast.ListComp | ast.GeneratorExp):
            turns = _turns(node.generators[0].target, node.generators[0].iter, here)
        elif is_outer and isinstance(node, ast.FunctionDef):
            sites = uses.get(node.name, ())[:MAX_ITEMS]
            turns = [_passed(node, call, here) for call in sites]
        children = list(ast.iter_child_nodes(node))
        is_scope = isinstance(node, ast.FunctionDef)
        scopes = [{**here, **turn} if turn or is_scope else here for turn in turns or [{}]]
        pending[:0] = [
            (child, scope, is_outer and not any(turn.values()))
            for scope, turn in zip(scopes, turns or [{}], strict=True)
            for child in children
        ]


def _turns(target: ast.expr, source: ast.expr, known: Known) -> list[Known]:
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


def _calls_by_name(statements: Iterable[Statement]) -> dict[str, list[ast.Call]]:
    found: dict[str, list[ast.Call]] = {}
    for node, _ in statements:
        for call in ast.walk(node):
            if isinstance(call, ast.Call):
                found.setdefault(_called(call), []).append(call)
    return found


def _passed(function: ast.FunctionDef, call: ast.Call, known: Known) -> Known:
    """Return what the parameters of a function of the file stand for at one call of it."""
    names = [each.arg for each in function.args.args]
    defaults = function.args.defaults[-len(names) :] if names else []
    given = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    given |= dict(zip(names, call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords if word.arg}
    found = {name: value_of(value, known) for name, value in given.items()}
    if function.args.kwarg is not None:
        named = [word for word in call.keywords if word.arg and word.arg not in names]
        found[function.args.kwarg.arg] = {
            word.arg: value_of(word.value, known) for word in named if word.arg
        }
    return found


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id
    if not isinstance(function, ast.Attribute):
        return ""
    owner = function.value
    return "" if isinstance(owner, ast.Name) and owner.id == "self" else function.attr


def _options(name: str, call: ast.Call, known: Known) -> Options | None:
    parameters = _PARAMETERS.get(name, ())
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    given: dict[str, ast.expr | None] = dict(zip(parameters, call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords if word.arg}
    settings: dict[str, Literal] = {}
    for word in call.keywords:
        spread = {} if word.arg else value_of(word.value, known)
        if not isinstance(spread, dict):
            return None
        settings |= spread
    if not {"input", "weight"} <= given.keys() | settings.keys():
        return None
    options = dict(_DEFAULTS)
    for key in _DEFAULTS.keys() & (given.keys() | settings.keys()):
        value = _number(value_of(given[key], known) if key in given else settings[key])
        if value is None:
            return None
        options[key] = value
    return options


def _number(value: Literal) -> int | None:
    """Return a number, also one that is given as a pair."""
    if isinstance(value, list) and value and all(each == value[0] for each in value):
        value = value[0]
    return value if type(value) is int and 0 <= value <= _MAX_NUMBER else None
