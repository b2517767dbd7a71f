"""Mistakes about what is written for TensorBoard: feature maps, scalars, graphs."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from typing import Final

from grader.worker.likeness import RemarkFact
from grader.worker.remarks.script import (
    Script,
    argument,
    called,
    constant,
    has_call,
    in_order,
    keyword,
    name_of,
    names_in,
    remark,
)

_SHOWN: Final = (0, 1, 3)
"""Channels that can be shown; 0 where nothing is known of them."""
_WITHOUT_STEP: Final = 2


def find(script: Script) -> Iterator[RemarkFact]:
    """Look at what is shown, at the writers, and at what is logged."""
    yield from _displays(script)
    yield from _writers(script)
    yield from _after_the_loop(script)
    yield from _logged(script)
    yield from _single_image(script)


def _displays(script: Script) -> Iterator[RemarkFact]:
    """Look at what is shown of feature maps: six channels, or images that are none."""
    for body, cell in script.blocks:
        maps: dict[str, int] = {}
        for statement in body:
            yield from _shown(statement, maps, cell)
            yield from _shown_at_once(statement, script, cell)
            for node in in_order(statement):
                if isinstance(node, ast.Call) and called(node) in ("reshape", "view"):
                    yield from _reshaped(node, script, cell)
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
                name, call = name_of(statement.targets[0]), statement.value
                channels = _channels_of(call, script)
                if channels not in _SHOWN:
                    maps[name] = channels
                elif called(call) in ("reshape", "view"):
                    maps.pop(name, None)


def _channels_of(call: ast.Call, script: Script) -> int:
    """Return how many channels a network of one convolution gives; 0 for any other call."""
    profile = script.instances.get(name_of(call.func))
    for node in in_order(profile.node) if profile is not None else ():
        if isinstance(node, ast.Call) and called(node) == "Conv2d":
            value = constant(argument(node, 1, "out_channels"))
            if profile is not None and profile.layers == ("Conv2d",) and isinstance(value, int):
                return value
    return 0


def _shown(statement: ast.stmt, maps: dict[str, int], cell: int | None) -> Iterator[RemarkFact]:
    for node in in_order(statement):
        if isinstance(node, ast.Call) and called(node) == "add_images" and len(node.args) > 1:
            name = name_of(node.args[1])
            if name in maps:
                yield remark("six-channels-shown", node, cell, name=name, channels=maps[name])


def _shown_at_once(statement: ast.stmt, script: Script, cell: int | None) -> Iterator[RemarkFact]:
    """Find `add_images("output", net(imgs), step)`."""
    for node in in_order(statement):
        if not isinstance(node, ast.Call) or called(node) != "add_images":
            continue
        given = argument(node, 1, "img_tensor")
        channels = _channels_of(given, script) if isinstance(given, ast.Call) else 0
        if given is not None and channels not in _SHOWN:
            shown = ast.unparse(given)
            yield remark("six-channels-shown", node, cell, name=shown, channels=channels)


def _reshaped(call: ast.Call, script: Script, cell: int | None) -> Iterator[RemarkFact]:
    sizes = [constant(node) for node in in_order(call)]
    numbers = [size for size in sizes if isinstance(size, int)]
    if numbers[-4:-1] == [-1, 3, 30] or numbers[-3:] == [3, 30, 30]:
        yield remark("channels-mixed-for-display", call, cell)
    elif numbers[-3:] == [3, 32, 32] and _shrinks(script):
        yield remark("reshaped-into-noise", call, cell)


def _shrinks(script: Script) -> bool:
    """Whether a convolution of the script gives less than 32x32."""
    for call, _ in script.calls:
        if called(call) == "Conv2d":
            kernel = constant(argument(call, 2, "kernel_size"))
            if isinstance(kernel, int) and kernel > 1 and argument(call, 4, "padding") is None:
                return True
    return False


def _writers(script: Script) -> Iterator[RemarkFact]:
    if any(isinstance(node, ast.Attribute) and node.attr == "close" for node, _ in script.nodes):
        return
    for name, value in script.assigned.items():
        if isinstance(value, ast.Call) and called(value) == "SummaryWriter":
            cell = next((cell for node, cell in script.nodes if node is value), None)
            yield remark("writer-left-open", value, cell, name=name)


def _after_the_loop(script: Script) -> Iterator[RemarkFact]:
    """Find what is written of a batch once the loop over the batches has ended."""
    for body, cell in script.blocks:
        for before, after in itertools.pairwise(body):
            is_batch_loop = isinstance(before, ast.For) and not has_call(before, "add_images")
            if is_batch_loop and has_call(after, "add_images") and names_in(after) & script.batches:
                yield remark("logged-after-the-loop", after, cell)


def _logged(script: Script) -> Iterator[RemarkFact]:
    for call, cell in script.calls:
        is_bare = len(call.args) == _WITHOUT_STEP and not call.keywords
        if called(call) == "add_scalar" and is_bare:
            yield remark("scalar-without-step", call, cell)
        if called(call) in ("add_graph", *script.instances):
            given = {name_of(each) for each in call.args}
            if "input" in given and not any(script.all_assigned("input")):
                yield remark("input-is-python's", call, cell)


def _single_image(script: Script) -> Iterator[RemarkFact]:
    """Find a whole batch in `add_image`, which takes one image."""
    batches = script.batches | {
        name_of(node.targets[0])
        for node, _ in script.nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and name_of(node.value.func) in script.instances
    }
    for call, cell in script.calls:
        given = name_of(argument(call, 1, "img_tensor")) if called(call) == "add_image" else ""
        if given in batches - {""} and keyword(call, "dataformats") is None:
            yield remark("add-image-of-a-batch", call, cell, name=given)
            return
