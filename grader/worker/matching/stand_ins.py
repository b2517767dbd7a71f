"""What stands for a required name: the learner's own class or calls, under the names asked for.

A suite reads `net.conv1`; the learner's network has `self.cov1`. The stand-in is a subclass of the
learner's class, which finds what is missing by type and by place in the tree of modules. It adds
no parameter, no layer and no step: what it answers is what the learner's class answers.
"""

from __future__ import annotations

import copy
import re
import types
from collections.abc import Mapping
from typing import Any, Final

from torch import nn
from torch.nn import functional

from grader.worker.detached import detached
from grader.worker.likeness import Likeness
from grader.worker.matching.calls import LibraryCall
from grader.worker.matching.candidates import ONLY, Trial
from grader.worker.matching.parts import make_finder
from grader.worker.matching.profiles import Profile, layers_made
from grader.worker.matching.spelling import nearest
from grader.worker.places import clean

_MAX_NAME: Final = 200


class NotOfferedError(Exception):
    """The script has nothing for what the exercise asks for here: nothing to judge."""


def stand_in_for(
    cls: type, profile: Profile, like: Likeness, trial: Trial, *, mends_names: bool
) -> type:
    """Make the class that serves for a required one.

    Args:
        cls: The learner's class.
        profile: Its text. Messages of errors call it as it is called there, and an attribute whose
            layer the text does not make is not wrong, it is not there.
        like: What the exercise fixes.
        trial: What came of trying it.
        mends_names: Whether a misspelt `forward` or `__init__` serves.
    """
    if not issubclass(cls, nn.Module):
        return cls
    members: dict[str, Any] = {
        "__init__": _make_init(cls, like, trial, mends_names=mends_names),
        "__getattr__": _make_getattr(cls, like, frozenset(layers_made(profile.node))),
        "__module__": cls.__module__,
        "__qualname__": like.name,
        "__doc__": cls.__doc__,
    }
    forward = _make_forward(cls, trial, mends_names=mends_names)
    if forward is not None:
        members["forward"] = forward
    name = clean(profile.name, _MAX_NAME)
    return types.new_class(name, (cls,), exec_body=lambda scope: scope.update(members))


def holder_of(net: nn.Module, like: Likeness) -> type | None:
    """Make a class round a layer or network that a script made at its top level."""
    name = next(
        (name for name, kind in like.attributes.items() if isinstance(net, getattr(nn, kind))), None
    )
    if name is None:
        return None
    duplicate, base = copy.deepcopy, nn.Module

    def __init__(self: Any) -> None:  # noqa: ANN401, N807 - of the class that is made here
        base.__init__(self)
        setattr(self, name, duplicate(net))

    def forward(self: Any, x: Any) -> Any:  # noqa: ANN401
        return getattr(self, name)(x)

    members = {
        "__init__": detached(__init__),  # type: ignore[arg-type]
        "forward": detached(forward),  # type: ignore[arg-type]
    }
    return type(like.name, (nn.Module,), members)


def function_of(calls: Mapping[str, LibraryCall], like: Likeness) -> types.FunctionType:
    """Make the function that gives the results which a script's calls give, for any image."""
    options = {name: dict(call.options) for name, call in calls.items()}
    convolve: Any = functional.conv2d

    def compare(image: Any, kernel: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a suite passes
        images, kernels = image[None, None], kernel[None, None]
        return {name: convolve(images, kernels, **given) for name, given in options.items()}

    compare.__name__ = like.name
    return detached(compare)  # type: ignore[arg-type]


def _make_init(cls: type, like: Likeness, trial: Trial, *, mends_names: bool) -> types.FunctionType:
    variant, choices, base, error = like.variant, trial.choices, nn.Module, NotOfferedError
    own = dict(trial.passed)
    create = cls.__init__  # type: ignore[misc]
    # `__int__` is never called by Python; what stands in it is what was meant.
    misspelt = cls.__dict__.get("__int__") if mends_names and "__init__" not in vars(cls) else None
    takes_itself = variant is not None and (trial.argument or _takes(cls, variant.argument))
    other_name = "" if variant is None or trial.argument == variant.argument else trial.argument
    asked_for = "" if variant is None else variant.argument
    rename = re.compile(rf"\b{re.escape(other_name)}\b", re.ASCII).sub
    place_slot, duplicate = "_place_of_answer", copy.deepcopy
    # Layers that stand outside of the class are the same in each of its objects; a suite that
    # changes one object must not change the others.
    is_whole = trial.net is not None and "_modules" in vars(trial.net)
    outside = frozenset(nn.Module.modules(trial.net)) if is_whole else frozenset()  # type: ignore[arg-type]

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401, N807
        place = None if variant is None else choices.get(variant.default)
        if variant is not None and not takes_itself:
            given = kwargs.pop(variant.argument, args[0] if args else variant.default)
            args = args[1:]
            if given not in choices:
                raise error(variant.argument)
            place = choices[given]
        elif variant is not None and other_name:
            given = kwargs.pop(variant.argument, args[0] if args else variant.default)
            args, kwargs = args[1:], {**kwargs, other_name: given}
        object.__setattr__(self, place_slot, place)
        if misspelt is not None:
            base.__init__(self)
            misspelt(self)
            return
        missing = {} if args else {name: own[name] for name in own if name not in kwargs}
        try:
            create(self, *args, **missing, **kwargs)
        except ValueError as refused:
            if not other_name:
                raise
            # Who calls the argument otherwise names it so; what is asked for is that it is named.
            raise ValueError(rename(asked_for, str(refused))) from None
        children = self.__dict__.get("_modules", {})
        if not outside.isdisjoint(base.modules(self)):
            children.update(duplicate(dict(children)))

    return detached(__init__)  # type: ignore[arg-type]


def _takes(cls: type, argument: str) -> bool:
    try:
        return argument in cls.__init__.__code__.co_varnames  # type: ignore[misc]
    except AttributeError:
        return False


def _make_forward(cls: type, trial: Trial, *, mends_names: bool) -> types.FunctionType | None:
    """Make a `forward` where the learner's own gives several answers, or is misspelt."""
    own = cls.__dict__
    misspelt = nearest("forward", own)
    if mends_names and "forward" not in own and misspelt is not None:
        answer = own[misspelt]
    elif any(place is not None for place in trial.choices.values()):
        answer = cls.forward  # type: ignore[attr-defined]
    else:
        return None
    always = trial.choices.get(ONLY)
    place_slot = "_place_of_answer"

    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        value = answer(self, *args, **kwargs)
        place = self.__dict__.get(place_slot, None) if always is None else always
        return value if place is None else value[place]

    return detached(forward)  # type: ignore[arg-type]


def _make_getattr(cls: type, like: Likeness, mentioned: frozenset[str]) -> types.FunctionType:
    attributes, error = dict(like.attributes), NotOfferedError
    find, otherwise = make_finder(like), cls.__getattr__  # type: ignore[attr-defined]

    def __getattr__(self: Any, name: str) -> Any:  # noqa: ANN401, N807
        if name not in attributes:
            return otherwise(self, name)
        found = find(self, name)
        if found is not None:
            return found[1]
        if attributes[name] not in mentioned:
            raise error(name)
        return otherwise(self, name)

    return detached(__getattr__)  # type: ignore[arg-type]
