"""What a script passes when it makes an object of a class of its own, where that is spelt out."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from grader.worker.matching.literals import known_at_the_end, value_of
from grader.worker.matching.profiles import Profile
from grader.worker.parsing import Statement
from grader.worker.tree import walk

Arguments = dict[str, object]
"""By parameter: a number or a text."""


def find_constructions(
    statements: Sequence[Statement], profiles: Iterable[Profile]
) -> dict[str, Arguments]:
    """Return by class what its first construction with arguments passes to `__init__`."""
    parameters = {each.name: _parameters(each.node) for each in profiles}
    if not any(parameters.values()):
        return {}
    known = known_at_the_end(statements)
    found: dict[str, Arguments] = {}
    nodes = (inner for node, _ in statements for inner in walk(node))
    calls = [inner for inner in nodes if isinstance(inner, ast.Call)]
    for call in sorted(calls, key=lambda each: (each.lineno, each.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name in found or not parameters.get(name):
            continue
        given = dict(zip(parameters[name], call.args, strict=False))
        given |= {word.arg: word.value for word in call.keywords if word.arg}
        values = {key: value_of(node, known) for key, node in given.items()}
        found[name] = {key: one for key, one in values.items() if isinstance(one, int | str)}
    return found


def _parameters(node: ast.ClassDef) -> list[str]:
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef) and inner.name == "__init__":
            return [each.arg for each in inner.args.args[1:]]
    return []
