"""Decides by the text what may serve for the required names that a file does not define."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from grader.worker.matching.calls import LibraryCall, find_calls
from grader.worker.matching.constructions import Arguments, Made, find_constructions
from grader.worker.matching.objects import LayerObject, find_objects
from grader.worker.matching.profiles import Profile, find_profiles, resemblance
from grader.worker.matching.spelling import is_variation, nearest
from grader.worker.names import Definition
from grader.worker.parsing import Statement
from grader.worker.units import dead_branch
from grader.worker.wire import Load, NameFact

_MAX_TRIED = 40


class Plan(NamedTuple):
    """What to load beside the required names, and what may serve for those that are missing."""

    is_script: bool
    """Whether what serves is also looked for by what it does."""
    wanted: tuple[str, ...]
    """The names to load."""
    defined: tuple[NameFact, ...]
    """The names that the file binds."""
    near: Mapping[str, NameFact] = MappingProxyType({})
    """By required name: the one of the file that is spelt much like it."""
    profiles: tuple[Profile, ...] = ()
    objects: tuple[LayerObject, ...] = ()
    functions: tuple[NameFact, ...] = ()
    calls: tuple[LibraryCall, ...] = ()
    passed: Mapping[str, Arguments] = MappingProxyType({})
    """By class: what the script passes when it makes an object of it."""


def make_plan(
    request: Load,
    statements: Sequence[Statement],
    defined: tuple[NameFact, ...],
    known: Collection[str],
) -> Plan:
    """Decide what may serve for names that are missing.

    Args:
        request: What is asked for.
        statements: The file.
        defined: The names that it binds at the top level.
        known: These names, and those that a broken part of the file would have bound.
    """
    bound = {*known, *(fact.name for fact in defined)}
    missing = [name for name in request.required if name not in bound]
    if not missing or request.match == "exact":
        return Plan(is_script=False, wanted=request.required, defined=defined)
    near = _near_names(missing, request, defined)
    # `sigmoid = Sigmoid()` is no function that an exercise asks for.
    own = {fact.name for fact in defined if fact.kind in (kind_of(fact.name), "import")}
    has_none = not near and own.isdisjoint(request.required)
    if request.match == "near" or (request.match == "auto" and not has_none):
        wanted = (*request.required, *(fact.name for fact in near.values()))
        return Plan(is_script=False, wanted=wanted, defined=defined, near=near)
    return _of_script(request, statements, defined, near)


def _near_names(
    missing: Iterable[str], request: Load, defined: Sequence[NameFact]
) -> dict[str, NameFact]:
    found = {}
    for name in missing:
        if name in request.exact_names:
            continue
        kind = kind_of(name)
        others = {
            fact.name: fact
            for fact in defined
            if fact.kind == kind and not is_variation(name, fact.name)
        }
        close = nearest(name, others.keys() - set(request.required))
        if close is not None:
            found[name] = others[close]
    return found


def kind_of(required: str) -> str:
    """Tell by its spelling what a required name stands for."""
    if required.isupper():
        return "assignment"
    return "class" if required[:1].isupper() else "function"


def _of_script(
    request: Load,
    statements: Sequence[Statement],
    defined: tuple[NameFact, ...],
    near: dict[str, NameFact],
) -> Plan:
    likenesses = request.likenesses
    profiles = tuple(
        profile
        for profile in find_profiles(statements)[:_MAX_TRIED]
        if profile.is_module
        and not profile.is_part
        and any(resemblance(profile.layers, like.layers, like.needs) for like in likenesses)
    )
    objects = () if profiles else tuple(find_objects(statements))
    takes_functions = any(like.layers is None and like.input for like in likenesses)
    functions = tuple(
        fact for fact in defined if takes_functions and fact.kind == "function" and fact.name
    )[:_MAX_TRIED]
    called = {like.calls for like in likenesses if like.calls}
    names = [*request.required, *(fact.name for fact in near.values())]
    names += [profile.name for profile in profiles]
    names += [each.name for each in objects]
    names += [fact.name for fact in functions]
    passed = find_constructions(statements, profiles)
    names += [
        one.name for each in passed.values() for one in each.values() if isinstance(one, Made)
    ]
    return Plan(
        is_script=True,
        wanted=tuple(dict.fromkeys(names)),
        defined=defined,
        near=near,
        profiles=profiles,
        objects=objects,
        functions=functions,
        calls=tuple(find_calls(statements, called)),
        passed=passed,
    )


def hoisted(
    request: Load, statements: Sequence[Statement], known: Collection[str]
) -> Iterator[Statement]:
    """Give definitions that stand where running the file does not reach them.

    A class within a function, or under `if __name__ == "__main__":`, is taken out, with the
    imports beside it, where its name is required or it is an `nn.Module`.
    """
    if request.match == "exact" or request.run_all:
        return
    for node, cell in statements:
        for body, is_guard in _unreached(node):
            imports = [one for one in body if isinstance(one, ast.Import | ast.ImportFrom)]
            kept = [
                one for one in body if _is_worth_taking(one, request, () if is_guard else known)
            ]
            if kept:
                yield from (Statement(one, cell) for one in (*imports, *kept))


def _unreached(root: ast.AST) -> Iterator[tuple[list[ast.stmt], bool]]:
    """Give the bodies of functions, and those of main guards, which bind names and never do."""
    pending = [root]
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.body, False
        elif isinstance(node, ast.If) and dead_branch(node.test) is not None:
            yield (node.body if dead_branch(node.test) == "body" else node.orelse), True
        elif isinstance(node, ast.ClassDef):
            continue
        pending += [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt)]


def _is_worth_taking(node: ast.stmt, request: Load, known: Collection[str]) -> bool:
    if not isinstance(node, Definition) or node.name in known:
        return False
    if node.name in request.required:
        return True
    is_class = isinstance(node, ast.ClassDef) and request.match in ("auto", "behaviour")
    return is_class and any(profile.is_module for profile in find_profiles([Statement(node, None)]))
