"""Compares the arguments of a class's layers with those of the exercise's, layer by layer."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from grader.worker.likeness import RemarkFact
from grader.worker.matching.profiles import Profile
from grader.worker.places import clean
from grader.worker.tree import walk

_PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {
    "Conv2d": ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation"),
    "MaxPool2d": ("kernel_size", "stride", "padding", "dilation"),
    "Linear": ("in_features", "out_features"),
    "BatchNorm2d": ("num_features",),
    "Dropout": ("p",),
}
_DEFAULTS: Final[Mapping[str, float]] = {"stride": 1, "padding": 0, "dilation": 1, "p": 0.5}
_MAX_TEXT: Final = 120
_MAX_NUMBER: Final = 1e9
_DIFFERENCE: Final = "layer-made-otherwise"
_EXPLAINING: Final[Mapping[str, frozenset[str]]] = {
    "padding": frozenset({"padding-too-small", "side-runs-out"}),
    "in_features": frozenset({"last-dimension-only", "images-not-flattened", "flat-size-wrong"}),
}
"""By argument: what is said elsewhere in the file of its being so."""
_HERE: Final = frozenset(
    {
        "digits-mixed-up", "point-for-comma", "dilation-for-stride", "channels-do-not-fit",
        "channels-swapped", "three-kernels", "features-swapped", "dropout-in-percent",
        "batchnorm-of-another-width",
    }
)  # fmt: skip
"""What is said of a layer's arguments at its own line."""
_MOST: Final = 3
"""Who has more layers otherwise built another network."""


def differences(profile: Profile, made: Sequence[str]) -> tuple[RemarkFact, ...]:
    """Find layers whose arguments are spelt out, and are not those of the exercise's layer.

    Args:
        profile: The class.
        made: The layers of the exercise's class, such as `Conv2d(3, 6, 3)`, in their order.
    """
    wanted = [call for text in made for call in _calls(ast.parse(text))]
    given = sorted(_calls(profile.node), key=lambda call: (call.lineno, call.col_offset))
    found = [fact for kind in _PARAMETERS for fact in _compare(kind, given, wanted, profile)]
    found.sort(key=lambda fact: fact.line)
    return tuple(found) if len(found) <= _MOST else ()


def fitting_arguments(profile: Profile, made: Sequence[str]) -> dict[str, object]:
    """Return by parameter of `__init__` the number that the exercise's layer has in its place.

    A class that takes its sizes is right where they can be what the exercise asks for.
    """
    wanted = [call for text in made for call in _calls(ast.parse(text))]
    given = sorted(_calls(profile.node), key=lambda call: (call.lineno, call.col_offset))
    found: dict[str, object] = {}
    for kind in _PARAMETERS:
        ours = [call for call in given if _kind(call) == kind]
        theirs = [call for call in wanted if _kind(call) == kind]
        for call, other in zip(ours, theirs, strict=False) if len(ours) == len(theirs) else ():
            right = _settings(other)
            for name, node in _given(call).items():
                if isinstance(node, ast.Name) and name in right:
                    found.setdefault(node.id, right[name])
    return found


def untold(found: Iterable[RemarkFact], told: Sequence[RemarkFact]) -> Iterator[RemarkFact]:
    """Leave out the differences that another remark explains better, with its own numbers."""
    explained = {(one.cell, one.line) for one in told if one.id in _HERE}
    ids = {one.id for one in told}
    for one in found:
        elsewhere = _EXPLAINING.get(one.values.get("name", ""), frozenset())
        is_told = (one.cell, one.line) in explained or not ids.isdisjoint(elsewhere)
        if one.id != _DIFFERENCE or not is_told:
            yield one


def _compare(
    kind: str, given: Sequence[ast.Call], wanted: Sequence[ast.Call], profile: Profile
) -> Iterator[RemarkFact]:
    ours = [call for call in given if _kind(call) == kind]
    theirs = [call for call in wanted if _kind(call) == kind]
    # With one more or fewer it is not known which is which.
    for call, other in zip(ours, theirs, strict=False) if len(ours) == len(theirs) else ():
        settings, right = _settings(call), _settings(other)
        for name in settings.keys() & right.keys():
            if settings[name] != right[name]:
                values = {
                    "layer": clean(ast.unparse(call), _MAX_TEXT),
                    "name": name,
                    "given": f"{settings[name]:g}",
                    "wanted": f"{right[name]:g}",
                }
                yield RemarkFact(_DIFFERENCE, call.lineno, profile.cell, values)
                break


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    for inner in walk(node):
        if isinstance(inner, ast.Call) and _kind(inner) in _PARAMETERS:
            yield inner


def _kind(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _given(call: ast.Call) -> dict[str, ast.expr]:
    given = dict(zip(_PARAMETERS[_kind(call)], call.args, strict=False))
    return given | {word.arg: word.value for word in call.keywords if word.arg}


def _settings(call: ast.Call) -> dict[str, float]:
    """Return the arguments that are spelt out, and the defaults of those that are not given."""
    names, given = _PARAMETERS[_kind(call)], _given(call)
    if any(isinstance(each, ast.Starred) for each in call.args):
        return {}
    has_unknown = any(word.arg is None for word in call.keywords)
    found = {} if has_unknown else {name: _DEFAULTS[name] for name in names if name in _DEFAULTS}
    for name, node in given.items():
        found.pop(name, None)
        value = _number(node)
        if value is not None and name in names:
            found[name] = value
    if _kind(call) == "MaxPool2d" and "stride" not in given and "kernel_size" in found:
        found["stride"] = found["kernel_size"]
    return found


def _number(node: ast.expr) -> float | None:
    """Return a number, also one that is written as a product, or twice as a pair."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        sides = [_number(node.left), _number(node.right)]
        return None if None in sides else _bounded(math.prod(sides))  # type: ignore[arg-type]
    if isinstance(node, ast.Tuple) and node.elts:
        different = {_number(each) for each in node.elts}
        return different.pop() if len(different) == 1 else None
    value = node.value if isinstance(node, ast.Constant) else None
    return _bounded(value) if isinstance(value, int | float) else None


def _bounded(value: float) -> float | None:
    return value if 0 <= value <= _MAX_NUMBER else None
