"""Mistakes about the skeleton of a class: its base, its methods, its objects."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final, TypeGuard

from grader.worker.likeness import RemarkFact
from grader.worker.matching.profiles import LAYERS, Profile
from grader.worker.matching.spelling import is_near
from grader.worker.remarks.script import (
    Function,
    Script,
    called,
    in_order,
    method,
    methods,
    name_of,
    remark,
    self_attribute,
)
from grader.worker.tree import last_name
from grader.worker.units import is_own_instance

_TENSORS: Final = frozenset({"tensor", "reshape", "ones", "rand", "randn", "DataLoader"})


def find(script: Script) -> Iterator[RemarkFact]:
    """Look at each class, and at what is done with it."""
    for profile in script.classes:
        yield from _base(profile)
        yield from _init(profile)
        yield from _forward(profile)
        if profile.name in LAYERS:
            yield remark("named-like-a-layer", profile.node, profile.cell, name=profile.name)
    yield from _super_without_brackets(script)
    yield from _objects(script)
    yield from _never_made(script)
    yield from _tensor_with_comma(script)


def _base(profile: Profile) -> Iterator[RemarkFact]:
    if not profile.node.bases:
        yield remark("base-missing", profile.node, profile.cell, name=profile.name)


def _init(profile: Profile) -> Iterator[RemarkFact]:
    init = method(profile, "__init__")
    misspelt = next((each for each in methods(profile) if _is_misspelt_init(each.name)), None)
    if init is None and misspelt is not None:
        yield remark(
            "init-misspelt", misspelt, profile.cell, given=misspelt.name, name=profile.name
        )
    init = init or misspelt
    if init is None:
        return
    yield from _super(init, profile)
    if not _has_self(init):
        yield remark("self-missing", init, profile.cell, method=init.name)
    for node in init.body:
        if isinstance(node, Function) and is_near("forward", node.name):
            yield remark("forward-within-init", node, profile.cell)


def _is_misspelt_init(name: str) -> bool:
    return name in ("__int__", "_init_", "__init", "init__", "__inti__", "__ini__", "__initt__")


def _starts_module(node: ast.AST) -> TypeGuard[ast.Attribute]:
    """Whether this is `super().__init__`, `super.__init__` or `nn.Module.__init__`."""
    if not isinstance(node, ast.Attribute) or node.attr != "__init__":
        return False
    owner = node.value.func if isinstance(node.value, ast.Call) else node.value
    return last_name(owner) in ("super", "Module", "Sequential")


def _super(init: Function, profile: Profile) -> Iterator[RemarkFact]:
    """Find a `super().__init__()` that is missing, is not called, or comes after the layers."""
    starts = [node for node in ast.walk(init) if _starts_module(node)]
    if not starts:
        yield remark("super-missing", init, profile.cell, name=profile.name)
        return
    called_ones = [node.func for node in ast.walk(init) if isinstance(node, ast.Call)]
    first = min(starts, key=lambda node: node.lineno)
    if not any(node in called_ones for node in starts):
        yield remark("super-not-called", first, profile.cell)
        return
    for node in init.body:
        if isinstance(node, ast.Assign) and node.lineno < first.lineno and _is_layer(node):
            name = self_attribute(node.targets[0])
            yield remark("super-too-late", node, profile.cell, name=name)
            return


def _is_layer(node: ast.Assign) -> bool:
    is_call = isinstance(node.value, ast.Call)
    return is_call and bool(self_attribute(node.targets[0])) and called(node.value) in LAYERS  # type: ignore[arg-type]


def _has_self(function: Function) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args]
    if function.args.vararg is not None and not arguments:
        return True
    return bool(arguments) and arguments[0].arg not in ("x", "input", "input_py", "X", "inputs")


def _forward(profile: Profile) -> Iterator[RemarkFact]:
    forward = method(profile, "forward")
    if forward is None:
        near = next((each for each in methods(profile) if is_near("forward", each.name)), None)
        if near is not None:
            yield remark("forward-misspelt", near, profile.cell, given=near.name)
        forward = near
    if forward is None:
        return
    if not _has_self(forward):
        yield remark("self-missing", forward, profile.cell, method=forward.name)
    returns = [node for node in in_order(forward) if isinstance(node, ast.Return | ast.Raise)]
    if not any(isinstance(node, ast.Raise) or node.value is not None for node in returns):
        yield remark("forward-without-return", forward, profile.cell)
    for node in in_order(forward):
        if isinstance(node, ast.Call) and name_of(node.func) == "self":
            yield remark("forward-calls-itself", node, profile.cell)


def _super_without_brackets(script: Script) -> Iterator[RemarkFact]:
    for call, cell in script.calls:
        function = call.func
        is_init = isinstance(function, ast.Attribute) and function.attr == "__init__"
        if is_init and name_of(function.value) == "super":  # type: ignore[attr-defined]
            yield remark("super-without-brackets", call, cell)


def _objects(script: Script) -> Iterator[RemarkFact]:
    for node, cell in script.top_level:
        if isinstance(node, ast.Assign):
            for profile in script.classes:
                if is_own_instance(node, profile.name) and name_of(node.targets[0]) == profile.name:
                    yield remark("shadowed-by-its-object", node, cell, name=profile.name)
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr == "forward":
            owner = name_of(node.func.value)
            if owner in script.instances or isinstance(node.func.value, ast.Call):
                yield remark("forward-called", node, cell, name=owner or called(node.func.value))  # type: ignore[arg-type]
        for profile in script.classes:
            is_class = name_of(node.func) == profile.name and profile.name not in script.instances
            if is_class and node.args and _takes_nothing(profile):
                yield remark("class-called", node, cell, name=profile.name)


def _never_made(script: Script) -> Iterator[RemarkFact]:
    """Find a script that makes a tensor for its class, and never an object of the class."""
    made = {called(call) for call, _ in script.calls}
    feeds = any(called(value) in _TENSORS for value in script.assigned.values() if _is_call(value))
    last = script.classes[-1] if script.classes else None
    if last is not None and feeds and not made & {each.name for each in script.classes}:
        yield remark("class-never-used", last.node, last.cell, name=last.name)


def _is_call(node: ast.expr) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call)


def _takes_nothing(profile: Profile) -> bool:
    init = method(profile, "__init__")
    if init is None:
        return True
    return len(init.args.args) == 1 and init.args.vararg is None


def _tensor_with_comma(script: Script) -> Iterator[RemarkFact]:
    for call, cell in script.calls:
        if called(call) == "tensor" and len(call.args) > 1:
            given = ast.unparse(call)
            parts = [ast.unparse(each) for each in call.args]
            yield remark("comma-for-point", call, cell, given=given, meant=".".join(parts[:2]))
