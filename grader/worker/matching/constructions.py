"""What a script passes when it makes an object of a class of its own, where that is spelt out."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from grader.worker.matching.literals import Known, known_at_the_end, value_of
from grader.worker.matching.profiles import Profile
from grader.worker.parsing import Statement
from grader.worker.tree import walk

Arguments = dict[str, object]
"""By parameter: a number, a text, or an object of a plain class of the file."""


class Made(NamedTuple):
    """An object of a class of the file that is no module: settings, mostly."""

    name: str
    passed: Arguments
    """What the class is given, where that is spelt out."""


def find_constructions(
    statements: Sequence[Statement], profiles: Iterable[Profile]
) -> dict[str, Arguments]:
    """Return by class what its first construction with arguments passes to `__init__`."""
    profiles = list(profiles)
    parameters = {each.name: _parameters(each.node) for each in profiles}
    if not any(parameters.values()):
        return {}
    known = known_at_the_end(statements)
    nodes = [inner for node, _ in statements for inner in walk(node)]
    settings = _settings(nodes, {each.name for each in profiles if each.is_module}, known)
    found: dict[str, Arguments] = {}
    calls = [inner for inner in nodes if isinstance(inner, ast.Call)]
    for call in sorted(calls, key=lambda each: (each.lineno, each.col_offset)):
        name = _name_called(call)
        if name in found or not parameters.get(name):
            continue
        found[name] = _given(call, parameters[name], known)
        places = zip(parameters[name], call.args, strict=False)
        named = ((word.arg, word.value) for word in call.keywords if word.arg)
        for key, value in (*places, *named) if settings else ():
            if (made := settings.get(ast.unparse(value))) is not None:
                found[name][key] = made
    return found


def _settings(nodes: Sequence[ast.AST], modules: set[str], known: Known) -> dict[str, Made]:
    """Return the objects of plain classes of the file by how they are written.

    That is what makes one, `Config()`, and each name that it is given, `self.config`.
    """
    plain = {
        node.name: _parameters(node)
        for node in nodes
        if isinstance(node, ast.ClassDef) and node.name not in modules
    }
    found: dict[str, Made] = {}
    for node in nodes:
        call = node.value if isinstance(node, ast.Assign) else node
        name = _name_called(call)
        if name in plain and isinstance(call, ast.Call):
            made = Made(name, _given(call, plain[name], known))
            written = node.targets if isinstance(node, ast.Assign) else [call]
            found |= {ast.unparse(each): made for each in written}
    return found


def _name_called(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    return function.id if isinstance(function, ast.Name) else ""


def _given(call: ast.Call, parameters: Iterable[str], known: Known) -> Arguments:
    """Return the numbers and texts that a call passes, by parameter."""
    given = dict(zip(parameters, call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords if word.arg}
    values = {key: value_of(node, known) for key, node in given.items()}
    return {key: one for key, one in values.items() if isinstance(one, int | str)}


def _parameters(node: ast.ClassDef) -> list[str]:
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef) and inner.name == "__init__":
            return [each.arg for each in inner.args.args[1:]]
    return []
