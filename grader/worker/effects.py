"""What calling a student's own function does to names of the module.

`def fill(name): TABLE[name] = 1`, then `fill("a")`, builds TABLE as much as an assignment does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from grader.worker.names import Definition, mutated, root_name
from grader.worker.tree import walk

_MAX_DEPTH = 10
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Effect(NamedTuple):
    """What a call of one function changes."""

    names: frozenset[str]
    """Names of the module, or what they stand for."""
    parameters: tuple[str, ...]
    """All parameters that take positions, in order."""
    changed_parameters: frozenset[str]
    calls: frozenset[str]


def effects_of(nodes: Iterable[ast.AST]) -> dict[str, Effect]:
    """Read the effects of all functions among some statements, those of what they call included."""
    effects = {node.name: _effect_of(node) for node in nodes if isinstance(node, Function)}
    for _ in range(_MAX_DEPTH):
        grown = {name: _with_calls(effect, effects) for name, effect in effects.items()}
        if grown == effects:
            break
        effects = grown
    return {
        name: effect
        for name, effect in effects.items()
        if effect.names or effect.changed_parameters
    }


def changed_by_calls(node: ast.stmt, effects: Mapping[str, Effect]) -> set[str]:
    """Return the names that a statement changes through the functions that it calls."""
    if not effects:
        return set()
    changed: set[str] = set()
    if isinstance(node, Definition):
        for mark in node.decorator_list:
            changed |= _changed_by(mark if isinstance(mark, ast.Call) else None, mark, effects)
        return changed
    for inner in walk(node):
        if isinstance(inner, ast.Call):
            changed |= _changed_by(inner, inner.func, effects)
    return changed


def _changed_by(
    call: ast.Call | None, function: ast.expr, effects: Mapping[str, Effect]
) -> set[str]:
    function = function.func if isinstance(function, ast.Call) else function
    effect = effects.get(function.id) if isinstance(function, ast.Name) else None
    if effect is None:
        return set()
    changed = set(effect.names)
    if call is not None:
        given = [*zip(effect.parameters, call.args, strict=False)]
        given += [(word.arg, word.value) for word in call.keywords if word.arg]
        roots = {root_name(value) for name, value in given if name in effect.changed_parameters}
        changed |= {root for root in roots if root is not None}
    return changed


def _effect_of(node: Function) -> Effect:
    arguments = node.args
    positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    nodes = list(walk(node))
    own = {inner.arg for inner in nodes if isinstance(inner, ast.arg)}
    declared = {name for inner in nodes if isinstance(inner, ast.Global) for name in inner.names}
    stored = {
        inner.id
        for inner in nodes
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    }
    bodies = [inner.body for inner in nodes if isinstance(inner, Definition)]
    changed = {name for body in bodies for inner in body for name in mutated(inner)}
    calls = {
        inner.func.id
        for inner in nodes
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name)
    }
    parameters = {*positional, *(each.arg for each in arguments.kwonlyargs)}
    return Effect(
        names=frozenset((changed - own - (stored - declared)) | (declared & stored)),
        parameters=tuple(positional),
        changed_parameters=frozenset(changed & parameters),
        calls=frozenset(calls),
    )


def _with_calls(effect: Effect, effects: Mapping[str, Effect]) -> Effect:
    called = [effects[name].names for name in effect.calls if name in effects]
    return effect._replace(names=effect.names.union(*called))
