"""Mistakes in what a script feeds: to `F.conv2d`, to a loss, to its own network."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from typing import Final

from grader.worker.likeness import RemarkFact
from grader.worker.matching.profiles import Profile
from grader.worker.remarks.script import (
    Script,
    argument,
    called,
    constant,
    keyword,
    name_of,
    remark,
)
from grader.worker.remarks.tensors import SeenCall, calls_with_tensors

_COLOURS: Final = 3
_IMAGES: Final = 4
"""Dimensions of a batch of images."""
_IMAGE: Final = 3
_MATRIX: Final = 2
_PAIR: Final = 2
_REGRESSIONS: Final = frozenset({"L1Loss", "MSELoss"})


def find(script: Script) -> Iterator[RemarkFact]:
    """Look at each call that runs with the script; each slip is told once."""
    losses = _losses(script)
    told: set[str] = set()
    for seen in calls_with_tensors(script):
        for fact in (*_convolution(seen), *_loss(seen, losses), *_network(seen, script)):
            if fact.id not in told:
                told.add(fact.id)
                yield fact


def _convolution(seen: SeenCall) -> Iterator[RemarkFact]:
    call, cell = seen.call, seen.cell
    if called(call) != "conv2d":
        return
    image, kernel = argument(call, 0, "input"), argument(call, 1, "weight")
    for node, identifier in ((image, "image-is-a-matrix"), (kernel, "kernel-is-a-matrix")):
        sizes = seen.fact(node).sizes
        if node is not None and sizes is not None and len(sizes) == _MATRIX:
            shape = ", ".join(map(str, (1, 1, *sizes)))
            yield remark(identifier, call, cell, name=ast.unparse(node), shape=shape)
    kinds = [seen.fact(node).is_float for node in (image, kernel)]
    if None not in kinds and kinds[0] != kinds[1] and image is not None and kernel is not None:
        floats, whole = (image, kernel) if kinds[0] else (kernel, image)
        given = {"floats": ast.unparse(floats), "whole": ast.unparse(whole)}
        yield remark("dtypes-mixed", call, cell, **given)
    bias = constant(argument(call, 2, "bias"))
    if isinstance(bias, bool):
        yield remark("bias-is-no-switch", call, cell, given=bias)


def _losses(script: Script) -> dict[str, str]:
    """Return the names that are given a loss, each with its kind."""
    return {
        name: called(value)
        for name, value in script.assigned.items()
        if isinstance(value, ast.Call) and called(value).endswith("Loss")
    }


def _loss(seen: SeenCall, losses: dict[str, str]) -> Iterator[RemarkFact]:
    call, function = seen.call, seen.call.func
    kind = called(function) if isinstance(function, ast.Call) else losses.get(name_of(function), "")
    if not kind.endswith("Loss") or len(call.args) != _PAIR:
        return
    output, target = (seen.fact(node) for node in call.args)
    if kind in _REGRESSIONS and (output.is_float, target.is_float) == (False, False):
        yield remark("loss-of-whole-numbers", call, seen.cell, kind=kind)
    if kind != "CrossEntropyLoss":
        return
    is_sum_of_one = len(output.values) > 1 and math.isclose(sum(output.values), 1)
    if output.is_share or (is_sum_of_one and min(output.values) >= 0):
        yield remark("probabilities-as-logits", call, seen.cell)
    is_soft = target.sizes is not None and target.sizes == output.sizes
    if target.is_float and target.values and not is_soft:
        yield remark("target-is-no-class", call, seen.cell)
    classes = output.sizes[-1] if output.sizes else 0
    wrong = [each for each in target.values if classes > 0 and not 0 <= each < classes]
    if wrong and not target.is_float:
        given = {"given": wrong[0], "classes": classes, "last": classes - 1}
        yield remark("class-out-of-range", call, seen.cell, **given)


def _network(seen: SeenCall, script: Script) -> Iterator[RemarkFact]:
    profile = script.instances.get(name_of(seen.call.func))
    sizes = seen.fact(seen.call.args[0]).sizes if seen.call.args else None
    if profile is None or not sizes:
        return
    is_last = len(sizes) == _IMAGES and sizes[1] != _COLOURS and sizes[3] == _COLOURS
    if is_last and _takes_colours(profile):
        wanted = ", ".join(map(str, (sizes[0], sizes[3], sizes[1], sizes[2])))
        given = ", ".join(map(str, sizes))
        yield remark("channels-last", seen.call, seen.cell, given=given, wanted=wanted)
    if len(sizes) == _IMAGE and {"Conv2d", "Linear"} <= set(profile.layers):
        given = ast.unparse(seen.call.args[0])
        yield remark("no-batch-dimension", seen.call, seen.cell, name=given)
    evaluates = any(called(call) == "eval" for call, _ in script.calls)
    if sizes[0] == 1 and "BatchNorm1d" in profile.layers and not evaluates:
        yield remark("batch-of-one", seen.call, seen.cell)


def _takes_colours(profile: Profile) -> bool:
    """Whether the first convolution of a class takes three channels."""
    calls = [node for node in ast.walk(profile.node) if isinstance(node, ast.Call)]
    firsts = [call for call in calls if called(call) == "Conv2d"]
    first = min(firsts, key=lambda call: (call.lineno, call.col_offset), default=None)
    if first is None:
        return False
    given = keyword(first, "in_channels") or argument(first, 0, "in_channels")
    return constant(given) == _COLOURS
