"""Follows the side of a 32x32 image through the layers of a class, as their text gives them."""

from __future__ import annotations

import ast
import contextlib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from grader.worker.likeness import RemarkFact
from grader.worker.matching.profiles import Profile
from grader.worker.remarks.script import (
    Script,
    argument,
    called,
    constant,
    in_order,
    method,
    product,
    remark,
)

_SIDE: Final = 32
_COLOURS: Final = 3
_FLATTENING: Final = frozenset({"Flatten", "flatten", "view", "reshape"})
_FOLLOWED: Final = frozenset({"Conv2d", "MaxPool2d", "AvgPool2d", "Linear", "Flatten"})

_RESIZING: Final = re.compile("pool|conv|pad|interpolate|upsample", re.IGNORECASE)


class _Place(NamedTuple):
    """What comes out of a layer: images of a side, with so many channels."""

    channels: int
    side: int


def find(script: Script) -> Iterator[RemarkFact]:
    """Compare the size of each class's first Linear with what arrives there."""
    for profile in script.classes:
        with contextlib.suppress(ValueError):
            yield from _follow(profile)
        with contextlib.suppress(ValueError):
            yield from _channels(profile)


def _follow(profile: Profile) -> Iterator[RemarkFact]:
    """Walk through the layers in their order. Raises ValueError where one is not spelt out."""
    calls = _first_network(profile) if _is_straight(profile) else []
    if not calls or called(calls[0]) != "Conv2d" or _number(calls[0], 0, "in_channels") != _COLOURS:
        return
    place, sides, flattened = _Place(_COLOURS, _SIDE), [_SIDE], False
    for call in calls:
        if called(call) == "Flatten":
            flattened = True
        elif called(call) == "Linear":
            kept = _side_with_padding(calls)
            odd = next((each for each in calls if _lacks_padding(each)), None)
            meant = product(argument(call, 0, "in_features"))
            if (
                odd is not None
                and meant == place.channels * kept**2 != place.channels * place.side**2
            ):
                yield _padding_lacks(odd, sides, profile)
            else:
                yield from _at_linear(call, place, sides, profile, is_flat=flattened)
            return
        else:
            place = _after(call, place)
            if place.side != sides[-1]:
                sides.append(place.side)
            if place.side < 1:
                yield remark("side-runs-out", call, profile.cell, path=_path(sides))
                return


def _lacks_padding(call: ast.Call) -> bool:
    if called(call) != "Conv2d":
        return False
    kernel, padding = _number(call, 2, "kernel_size"), _number(call, 4, "padding", 0)
    return 2 * padding != kernel - 1


def _side_with_padding(calls: list[ast.Call]) -> int:
    """Return the side that would be left if each convolution kept it."""
    side = _SIDE
    for call in calls:
        if called(call) in ("MaxPool2d", "AvgPool2d"):
            side = _after(call, _Place(_COLOURS, side)).side
    return side


def _padding_lacks(call: ast.Call, sides: list[int], profile: Profile) -> RemarkFact:
    kernel, padding = _number(call, 2, "kernel_size"), _number(call, 4, "padding", 0)
    values = {"kernel": kernel, "given": padding, "wanted": (kernel - 1) // 2}
    return remark("padding-too-small", call, profile.cell, path=_path(sides), **values)


def _channels(profile: Profile) -> Iterator[RemarkFact]:
    """Compare what each layer of the first Sequential takes with what arrives there."""
    calls = [node for node in ast.walk(profile.node) if isinstance(node, ast.Call)]
    if profile.layers == ("Conv2d",):
        yield from _swapped(next(call for call in calls if called(call) == "Conv2d"), profile)
    sequence = next((call for call in calls if called(call) == "Sequential"), None)
    layers = sequence.args if sequence is not None else []
    channels, is_flat = 0, False
    for call in layers:
        if not isinstance(call, ast.Call):
            return
        if called(call) == "Flatten":
            is_flat = True
        elif called(call) == "Conv2d":
            taken = _number(call, 0, "in_channels")
            if channels and taken != channels:
                given = {"given": taken, "expected": channels}
                yield remark("channels-do-not-fit", call, profile.cell, **given)
            channels = _number(call, 1, "out_channels")
        elif called(call) == "BatchNorm2d":
            width = _number(call, 0, "num_features")
            if is_flat:
                yield remark("batchnorm-after-flatten", call, profile.cell)
            elif channels and width != channels:
                given = {"given": width, "expected": channels}
                yield remark("batchnorm-of-another-width", call, profile.cell, **given)


def _swapped(call: ast.Call, profile: Profile) -> Iterator[RemarkFact]:
    taken, made = _number(call, 0, "in_channels"), _number(call, 1, "out_channels")
    if taken != _COLOURS and made == _COLOURS:
        yield remark("channels-swapped", call, profile.cell, given=taken)


def _is_straight(profile: Profile) -> bool:
    """Say whether forward calls no layer twice, and no function that changes a side."""
    forward = method(profile, "forward")
    if forward is None:
        return False
    calls = [node for node in ast.walk(forward) if isinstance(node, ast.Call)]
    layers = Counter(called(call) for call in calls if _is_layer_of_self(call))
    functions = {called(call) for call in calls if not _is_layer_of_self(call)}
    return max(layers.values(), default=0) <= 1 and not any(map(_RESIZING.search, functions))


def _is_layer_of_self(call: ast.Call) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id == "self"


def _first_network(profile: Profile) -> list[ast.Call]:
    """Return the layers up to the first Linear; a second network beside them is not mixed in."""
    init = method(profile, "__init__")
    nodes = in_order(init) if init is not None else iter(())
    return [node for node in nodes if isinstance(node, ast.Call) and called(node) in _FOLLOWED]


def _at_linear(
    call: ast.Call, place: _Place, sides: list[int], profile: Profile, *, is_flat: bool
) -> Iterator[RemarkFact]:
    given = argument(call, 0, "in_features")
    number = product(given)
    expected = place.channels * place.side**2
    values = {
        "expected": expected,
        "channels": place.channels,
        "side": place.side,
        "path": _path(sides),
    }
    if not is_flat and not _flattens(profile):
        yield remark("flatten-missing", call, profile.cell, **values)
    if given is not None and number not in (None, expected):
        yield remark("flat-size-wrong", call, profile.cell, given=ast.unparse(given), **values)
    elif constant(given) == expected:
        yield remark("flat-size-explained", call, profile.cell, **values)


def _flattens(profile: Profile) -> bool:
    calls = [node for node in ast.walk(profile.node) if isinstance(node, ast.Call)]
    return any(called(call) in _FLATTENING for call in calls)


def _path(sides: list[int]) -> str:
    return " → ".join(map(str, sides))


def _after(call: ast.Call, place: _Place) -> _Place:
    """Work out what a layer makes of images. Raises ValueError where it is not spelt out."""
    if called(call) == "Conv2d":
        kernel = _number(call, 2, "kernel_size")
        stride, padding = _number(call, 3, "stride", 1), _number(call, 4, "padding", 0)
        channels = _number(call, 1, "out_channels")
    else:
        kernel = _number(call, 0, "kernel_size")
        stride, padding = _number(call, 1, "stride", kernel), _number(call, 2, "padding", 0)
        channels = place.channels
    if stride < 1:
        raise ValueError
    return _Place(channels, (place.side + 2 * padding - kernel) // stride + 1)


def _number(call: ast.Call, place: int, name: str, default: int | None = None) -> int:
    node = argument(call, place, name)
    value = default if node is None else constant(node)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError
