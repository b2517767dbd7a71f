"""Builds what may serve for a required class or function, and tries it."""

from __future__ import annotations

import dataclasses
import inspect
import types
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import torch
from torch import nn

from grader.worker.likeness import Likeness, Variant
from grader.worker.matching.constructions import Made
from grader.worker.matching.profiles import layer_of

_PLAUSIBLE: Final[dict[str, object]] = {
    "in_channels": 3,
    "in_channel": 3,
    "input_channels": 3,
    "num_classes": 10,
    "n_classes": 10,
    "classes": 10,
    "out_features": 10,
    "output_size": 10,
    "out_channels": 6,
    "kernel_size": 3,
    "stride": 1,
    "padding": 0,
    "ceil_mode": True,
    "dropout": 0.5,
    "p": 0.5,
}
_OTHERWISE: Final = 10
_PROBE: Final = (2, 3)
ONLY: Final = "<only>"
"""The choice of a class that offers but one."""

Choice = bool | int | str


class Trial(NamedTuple):
    """What came of trying a candidate."""

    runs: float
    """0: it cannot be built; 1: it can; 2: it answers; 3: with the right shape; 4: rightly."""
    net: nn.Module | None = None
    argument: str = ""
    """The argument by which it chooses among the variants, whatever it is called; empty where there
    is none."""
    choices: Mapping[Choice, int | None] = MappingProxyType({})
    """What it can do of the variants that the exercise has; each with the place of the answer
    where several are given at once."""
    passed: Mapping[str, object] = MappingProxyType({})
    """What it was built with, for parameters that have no default."""


def plausible_arguments(
    function: Callable[..., Any], own: Mapping[str, object] = MappingProxyType({})
) -> dict[str, object]:
    """Give values for the parameters that have no default.

    Args:
        function: The function or class.
        own: What the script itself passes, by parameter.
    """
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return {}
    required = [
        each
        for each in parameters
        if each.default is each.empty
        and each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)
    ]
    return {
        each.name: _own(own[each.name], function)
        if each.name in own
        else _plausible(each, function)
        for each in required
    }


def _own(value: object, function: Callable[..., Any]) -> object:
    """Return what a script passes; an object of a class of its own is made anew."""
    if not isinstance(value, Made):
        return value
    return _made(_scope_of(function).get(value.name), value.passed)


def _made(kind: object, passed: Mapping[str, object] = MappingProxyType({})) -> object:
    """Make an object of a class of the file, as far as that can be done."""
    try:
        return kind(**{**plausible_arguments(kind), **passed})  # type: ignore[operator,arg-type]
    except BaseException:  # noqa: BLE001 - the border round the student's code
        return _OTHERWISE


def _scope_of(function: Callable[..., Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(
        getattr(function, "__init__", function), "__globals__", MappingProxyType({})
    )
    return found


def _plausible(parameter: inspect.Parameter, function: Callable[..., Any]) -> object:
    """Give a value by a parameter's name, or an object of the data class that it is to be."""
    if parameter.name in _PLAUSIBLE:
        return _PLAUSIBLE[parameter.name]
    kind = parameter.annotation
    if isinstance(kind, str):
        kind = _scope_of(function).get(kind)
    is_settings = isinstance(kind, type) and dataclasses.is_dataclass(kind)
    return _made(kind) if is_settings else _OTHERWISE


def try_class(
    cls: type,
    like: Likeness,
    layers: Collection[str] = (),
    own: Mapping[str, object] = MappingProxyType({}),
) -> Trial:
    """Build a class, and look at what its object answers to the exercise's input.

    Args:
        cls: The learner's class.
        like: What the exercise fixes.
        layers: Those that its text names: they tell what was meant where the answer does not.
        own: What the script itself passes to it, by parameter.
    """
    passed = plausible_arguments(cls, own)
    return _tried(cls, like, layers, passed)._replace(passed=passed)


def _tried(
    cls: type, like: Likeness, layers: Collection[str], passed: Mapping[str, object]
) -> Trial:
    argument = variant_argument(cls, like.variant)
    try:
        net = cls(**passed)
    except BaseException:  # noqa: BLE001 - the border round the student's code
        return Trial(0, choices=_as_meant(like, layers), argument=argument)
    if not isinstance(net, nn.Module):
        return Trial(1, choices=_as_meant(like, layers))
    probe = torch.randn(like.input, generator=torch.Generator().manual_seed(0))
    answer = _answer(net, probe)
    if answer is None:
        return Trial(1, net, argument, _choices(net, [], probe, like, layers))
    answers = list(answer) if isinstance(answer, tuple | list) else [answer]
    choices = _choices(net, answers, probe, like, layers)
    return Trial(_quality(answers, probe, like), net, argument, choices)


def variant_argument(cls: type, variant: Variant | None) -> str:
    """Name the argument of a class that chooses among the variants: `ceil` for `ceil_mode`.

    Of another name than the exercise's it must be the only one, and change the layer as asked.
    """
    names = _arguments(cls) if variant is not None else []
    if variant is None or variant.argument in names:
        return variant.argument if variant is not None else ""
    if len(names) != 1:
        return ""
    choices = variant.equals or ((True, False) if isinstance(variant.default, bool) else ())
    chosen = bool(choices) and all(_chooses(cls, names[0], choice, variant) for choice in choices)
    return names[0] if chosen else ""


def _chooses(cls: type, argument: str, choice: Choice, variant: Variant) -> bool:
    """Whether an argument of a class makes the variant that the exercise's one does."""
    try:
        net = cls(**{argument: choice})
    except BaseException:  # noqa: BLE001 - as above
        return False
    if not isinstance(net, nn.Module):
        return False
    if variant.attribute:
        return _attribute(net, variant.attribute) == choice
    probe = torch.randn(_PROBE, generator=torch.Generator().manual_seed(0))
    answer = _answer(net, probe)
    right = _torch_answer(variant.equals[str(choice)], probe)
    return isinstance(answer, torch.Tensor) and _is_close(answer, right)


def _arguments(cls: type) -> list[str]:
    try:
        parameters = inspect.signature(cls).parameters.values()
    except (TypeError, ValueError):
        return []
    return [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]


def _as_meant(like: Likeness, layers: Collection[str]) -> dict[Choice, int | None]:
    """Of a class that cannot be built nothing is known but its text."""
    return {} if like.variant is None else {_meant(like.variant, layers): None}


def _meant(variant: Variant, layers: Collection[str]) -> Choice:
    """Return the one variant whose layer is named; otherwise what the exercise's class does."""
    named = [
        choice
        for choice, function in variant.equals.items()
        if layer_of(function.rpartition(".")[2]) in layers
    ]
    return named[0] if len(named) == 1 else variant.default


def does_another_thing(net: nn.Module, like: Likeness) -> bool:
    """Whether a network answers rightly to what the exercise's one is not asked."""
    answers = (_answer(net, torch.zeros(shape)) for shape in like.apart)
    shapes = (tuple(one.shape) for one in answers if isinstance(one, torch.Tensor))
    return any(shape == like.apart_output for shape in shapes)


def try_function(function: types.FunctionType, like: Likeness) -> Trial:
    """Call a function with the exercise's input."""
    try:
        needed = len(plausible_arguments(function))
        probe = torch.randn(like.input, generator=torch.Generator().manual_seed(0))
    except BaseException:  # noqa: BLE001 - as above
        return Trial(0)
    if needed != 1:
        return Trial(0)
    answer = _answer(function, probe)
    return Trial(0 if answer is None else _quality([answer], probe, like))


def _answer(function: Callable[..., Any], probe: torch.Tensor) -> Any:  # noqa: ANN401 - anything
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(probe.clone())
    except BaseException:  # noqa: BLE001 - as above
        return None


def _quality(answers: Sequence[object], probe: torch.Tensor, like: Likeness) -> float:
    tensors = [each for each in answers if isinstance(each, torch.Tensor)]
    if not tensors:
        return 1
    wanted = _wanted(probe, like)
    if wanted is not None:
        return 4 if any(_is_close(each, wanted) for each in tensors) else 2
    return 3 if any(tuple(each.shape) == like.output for each in tensors) else 2


def _wanted(probe: torch.Tensor, like: Likeness) -> torch.Tensor | None:
    if like.adds is not None:
        return probe + like.adds
    return _torch_answer(like.equals, probe) if like.equals else None


def _torch_answer(name: str, probe: torch.Tensor) -> torch.Tensor:
    found: Any = torch
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    answer: torch.Tensor = found(probe)
    return answer


def _is_close(answer: torch.Tensor, wanted: torch.Tensor) -> bool:
    return answer.shape == wanted.shape and bool(torch.isclose(answer.to(wanted), wanted).all())


def _choices(
    net: nn.Module,
    answers: Sequence[object],
    probe: torch.Tensor,
    like: Likeness,
    layers: Collection[str],
) -> dict[Choice, int | None]:
    several = len(answers) > 1
    if like.variant is not None:
        return _variants(net, answers, probe, like.variant, layers)
    if not several:
        return {}
    # Of several answers, the one of the right shape is meant.
    fitting = [
        place
        for place, each in enumerate(answers)
        if isinstance(each, torch.Tensor) and tuple(each.shape) == like.output
    ]
    return {ONLY: fitting[0]} if fitting else {}


def _variants(
    net: nn.Module,
    answers: Sequence[object],
    probe: torch.Tensor,
    variant: Variant,
    layers: Collection[str],
) -> dict[Choice, int | None]:
    if variant.attribute:
        value = _attribute(net, variant.attribute)
        return {variant.default if value is None else value: None}
    found: dict[Choice, int | None] = {}
    for place, answer in enumerate(answers):
        for choice, function in variant.equals.items():
            right = _torch_answer(function, probe)
            if isinstance(answer, torch.Tensor) and _is_close(answer, right):
                found[choice] = place if len(answers) > 1 else None
    # What does neither is judged by what its text names.
    return found or {_meant(variant, layers): 0 if len(answers) > 1 else None}


def _attribute(net: nn.Module, path: str) -> Choice | None:
    """Read an attribute of the first layer of a type: `MaxPool2d.ceil_mode`."""
    kind, _, name = path.partition(".")
    layer_type = getattr(nn, kind)
    for layer in nn.Module.modules(net):
        if isinstance(layer, layer_type):
            value = getattr(layer, name, None)
            return value if isinstance(value, bool | int | str) else None
    return None
