"""Calls of a library's function that a script makes in place of defining one of its own.

A script about `F.conv2d` defines nothing: it calls, and prints. What it called with is its answer.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from grader.worker.matching.literals import (
    Known,
    Literal,
    assigned,
    known_at_the_end,
    turns_of,
    value_of,
)
from grader.worker.parsing import Statement
from grader.worker.tree import children_of, walk

_PARAMETERS: Final = {
    "conv2d": ("input", "weight", "bias", "stride", "padding", "dilation", "groups"),
}
"""Of the functions that can be asked for; torch's own have no signature to read."""
_DEFAULTS: Final = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
_MAX_CALLS: Final = 50
_MAX_NUMBER: Final = 99
_MAX_NODES: Final = 20_000
_MAX_DEPTH: Final = 5

Options = dict[str, int]
Names = dict[str, Literal]


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
    """Give the calls of some functions that lie in no network, in the order of the file.

    A call is left out where an option is more than a number, a pair of equal ones, or what the file
    gives one to: a name, an entry of a dictionary, `**settings`.
    """
    wanted = {name.rpartition(".")[2]: name for name in functions}
    if not wanted:
        return []
    found: list[LibraryCall] = []
    statements = list(statements)
    shortened = dict(_shortened(statements))
    for call, cell, known in _Reader(statements).read():
        name = shortened.get(ast.unparse(call.func), _called(call))
        options = _options(name, call, known) if name in wanted else None
        if options is not None:
            written = ast.unparse(call.func)
            found.append(LibraryCall(wanted[name], written, options, call.lineno, cell))
        if len(found) >= _MAX_CALLS:
            break
    return found


def _shortened(statements: Iterable[Statement]) -> Iterator[tuple[str, str]]:
    """Give the names that imports stand under, with what they are: `import conv2d as c`."""
    for node, _ in statements:
        for inner in walk(node) if not isinstance(node, ast.ClassDef) else ():
            if isinstance(inner, ast.ImportFrom):
                yield from ((each.asname, each.name) for each in inner.names if each.asname)


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


class _Reader:
    """Reads a script as it would run: each turn of a plain loop, and each call of its functions.

    What is not spelt out is not known. A function that nothing calls is read by itself; networks
    are left out.
    """

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._statements = statements
        self._known = known_at_the_end(statements)
        nodes = [node for statement in statements for node in _outside_networks(statement.node)]
        self._functions = {each.name: each for each in nodes if isinstance(each, ast.FunctionDef)}
        self._called = {
            name
            for node in nodes
            if isinstance(node, ast.Call) and (name := _called(node)) in self._functions
        } - {each.name for each in self._functions.values() if _calls_itself(each)}
        self._methods = {
            id(each) for node in nodes if isinstance(node, ast.ClassDef) for each in node.body
        }
        self._left = _MAX_NODES

    def read(self) -> Iterator[tuple[ast.Call, int | None, Known]]:
        """Give each call, its cell, and what names stand for at it."""
        for node, cell in self._statements:
            try:
                for call, known in self._read(node, self._known, 0):
                    yield call, cell, known
            except RecursionError:
                continue

    def _read(self, node: ast.AST, known: Names, depth: int) -> Iterator[tuple[ast.Call, Names]]:
        self._left -= 1
        if self._left < 0 or isinstance(node, ast.Lambda) or _is_network(node):
            return
        if isinstance(node, ast.FunctionDef):
            if node.name not in self._called:
                yield from self._read_body(
                    node, ast.Call(ast.Name(node.name), [], []), known, depth
                )
            return
        for scope, body in _parts(node, known):
            for child in body:
                yield from self._read(child, scope, depth)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            known.update(assigned(node, known))
        elif isinstance(node, ast.Call):
            yield node, known
            function = self._functions.get(_called(node))
            if function is not None and depth < _MAX_DEPTH:
                yield from self._read_body(function, node, known, depth + 1)

    def _read_body(
        self, function: ast.FunctionDef, call: ast.Call, known: Names, depth: int
    ) -> Iterator[tuple[ast.Call, Names]]:
        # An object that a method is called on is its first argument.
        owner = call.func.value if isinstance(call.func, ast.Attribute) else ast.Constant(None)
        own = [owner] if id(function) in self._methods else []
        passed = _passed(function, [*own, *call.args], call.keywords, known)
        scope = {**self._known, **passed}
        for statement in function.body:
            yield from self._read(statement, scope, depth)


def _outside_networks(root: ast.AST) -> Iterator[ast.AST]:
    pending = [root]
    while pending:
        node = pending.pop()
        if not _is_network(node):
            yield node
            pending.extend(children_of(node))


def _is_network(node: ast.AST) -> bool:
    """Whether a class is an `nn.Module`, or meant to be."""
    if not isinstance(node, ast.ClassDef):
        return False
    methods = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
    return "forward" in methods or any("Module" in ast.unparse(base) for base in node.bases)


def _calls_itself(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Call) and _called(node) == function.name for node in walk(function)
    )


def _parts(node: ast.AST, known: Names) -> Iterator[tuple[Names, list[ast.AST]]]:
    """Give what lies in a node, once a turn of a loop, with what names stand for there."""
    children: list[ast.AST] = list(ast.iter_child_nodes(node))
    turns: list[Known] = []
    if isinstance(node, ast.For):
        turns = turns_of(node.target, node.iter, known)
    elif isinstance(node, ast.ListComp | ast.GeneratorExp):
        turns = turns_of(node.generators[0].target, node.generators[0].iter, known)
        children = [*node.generators, node.elt]
    if not turns:
        yield known, children
    for turn in turns:
        yield {**known, **turn}, children


def _passed(
    function: ast.FunctionDef,
    args: Sequence[ast.expr],
    keywords: Sequence[ast.keyword],
    known: Known,
) -> Known:
    """Return what the parameters of a function of the file stand for at one call of it."""
    names = [each.arg for each in function.args.args]
    defaults = function.args.defaults[-len(names) :] if names else []
    given = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    given |= dict(zip(names, args, strict=False))
    given |= {word.arg: word.value for word in keywords if word.arg}
    found = {name: value_of(value, known) for name, value in given.items()}
    if function.args.kwarg is not None:
        named = [word for word in keywords if word.arg and word.arg not in names]
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
