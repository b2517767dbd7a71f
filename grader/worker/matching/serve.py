"""Puts what may serve for a missing name in its place, once the file was run."""

from __future__ import annotations

import types
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from torch import nn

from grader.worker.likeness import Likeness, MatchFact, RemarkFact
from grader.worker.matching.calls import assign_results
from grader.worker.matching.candidates import (
    Trial,
    does_another_thing,
    try_class,
    try_function,
)
from grader.worker.matching.parts import make_finder
from grader.worker.matching.plan import Plan
from grader.worker.matching.profiles import Profile, resemblance
from grader.worker.matching.settings import differences, fitting_arguments
from grader.worker.matching.stand_ins import (
    function_of,
    holder_of,
    stand_in_for,
)
from grader.worker.places import clean
from grader.worker.wire import Load

_MAX_NAME: Final = 200
_FUNCTION_SERVES: Final = 3
_IS_BUILT: Final = 1

Spot = tuple[int | None, int]
"""Cell and line."""


class Served(NamedTuple):
    """What came of it."""

    matches: tuple[MatchFact, ...] = ()
    remarks: tuple[RemarkFact, ...] = ()
    """On layers that the exercise has otherwise, and on classes that serve for nothing, though
    nothing is wrong with them."""


def serve(
    plan: Plan, request: Load, module: types.ModuleType, classes: Mapping[Spot, type]
) -> Served:
    """Let what the file has serve for the required names that it does not have.

    Args:
        plan: What may serve.
        request: What is asked for.
        module: The submission after it was run; gets the missing names.
        classes: The classes that running it made, by the place of their text.
    """
    scope = module.__dict__
    # Of a script's class what it is made of says more than its name.
    made = {like.name for like in request.likenesses if plan.is_script and like.layers is not None}
    facts = list(_serve_near(plan, scope, but=made))
    if not plan.is_script:
        return Served(tuple(facts))
    open_likenesses = [like for like in request.likenesses if like.name not in scope]
    options = list(_options(plan, open_likenesses, scope, classes))
    meant = [option for option in options if not _is_apart(option)]
    serving = list(_serve_classes(meant, scope, request.exact_names))
    facts += map(_class_fact, serving)
    facts += _serve_near(plan, scope, but=())
    remarks = [one for each in serving for one in differences(each.profile, each.like.made)]
    for like in open_likenesses:
        if like.name in scope:
            continue
        fact = (
            _serve_object(plan, like, scope)
            or _serve_function(plan, like, scope)
            or _serve_calls(plan, like, scope)
        )
        if fact is not None:
            facts.append(fact)
    remarks += map(_remark_on, filter(_is_apart, options))
    return Served(tuple(facts), tuple(remarks))


def _serve_near(plan: Plan, scope: dict[str, Any], *, but: Collection[str]) -> Iterator[MatchFact]:
    for name, fact in plan.near.items():
        if name in but or name in scope or fact.name not in scope:
            continue
        value = scope[fact.name]
        if fact.kind == "class" and not isinstance(value, type):
            value = type(value)
        scope[name] = value
        kind: Any = fact.kind if fact.kind in ("class", "function") else "value"
        yield MatchFact(name, fact.name, "near", kind, fact.line, fact.cell)


class _Option(NamedTuple):
    """A class that may serve for a name."""

    rank: tuple[float, float, int]
    like: Likeness
    profile: Profile
    cls: type
    trial: Trial


def _serve_classes(
    options: Iterable[_Option], scope: dict[str, Any], exact_names: Collection[str]
) -> Iterator[_Option]:
    """Let the best of the classes serve, each for one name, and give these."""
    taken: set[Spot] = set()
    for option in sorted(options, key=lambda option: option.rank, reverse=True):
        place = (option.profile.cell, option.profile.line)
        if option.like.name in scope or place in taken:
            continue
        taken.add(place)
        # Of several classes of one name, `super(Tudui, self)` must find its own.
        scope[option.profile.name] = option.cls
        scope[option.like.name] = stand_in_for(
            option.cls,
            option.profile,
            option.like,
            option.trial,
            mends_names=option.like.name not in exact_names,
        )
        yield option


def _options(
    plan: Plan,
    likenesses: Sequence[Likeness],
    scope: dict[str, Any],
    classes: Mapping[Spot, type],
) -> Iterator[_Option]:
    for number, profile in enumerate(plan.profiles):
        cls = classes.get((profile.cell, profile.line))
        if cls is None:
            continue
        for like in likenesses:
            alike = resemblance(profile.layers, like.layers, like.needs)
            if alike:
                former = scope.get(profile.name)
                scope[profile.name] = cls
                own = fitting_arguments(profile, like.made) | plan.passed.get(profile.name, {})
                trial = try_class(cls, like, profile.layers, own)
                scope[profile.name] = former
                yield _Option((trial.runs, round(alike, 3), number), like, profile, cls, trial)


def _is_apart(option: _Option) -> bool:
    """Whether a class, though made of the same layers, was made for another thing."""
    trial = option.trial
    return (
        trial.runs <= _IS_BUILT
        and trial.net is not None
        and does_another_thing(trial.net, option.like)
    )


def _remark_on(option: _Option) -> RemarkFact:
    profile = option.profile
    values = {"name": clean(profile.name, _MAX_NAME)}
    return RemarkFact("does-another-thing", profile.line, profile.cell, values)


def _class_fact(option: _Option) -> MatchFact:
    profile, like = option.profile, option.like
    attributes = []
    # A network without `super().__init__()` cannot even be asked for its layers.
    if option.trial.net is not None and "_modules" in vars(option.trial.net):
        find, own = make_finder(like), dict(nn.Module.named_children(option.trial.net))
        for name in like.attributes:
            found = None if name in own else find(option.trial.net, name)
            if found is not None:
                attributes.append((name, clean(found[0], _MAX_NAME)))
    given = clean(profile.name, _MAX_NAME)
    return MatchFact(
        like.name, given, "behaviour", "class", profile.line, profile.cell, tuple(attributes)
    )


def _serve_object(plan: Plan, like: Likeness, scope: dict[str, Any]) -> MatchFact | None:
    for each in reversed(plan.objects):
        net = scope.get(each.name)
        alike = resemblance(each.layers, like.layers, like.needs)
        if not alike or not isinstance(net, nn.Module):
            continue
        holder = holder_of(net, like)
        if holder is not None:
            scope[like.name] = holder
            return MatchFact(like.name, each.name, "behaviour", "object", each.line, each.cell)
    return None


def _serve_function(plan: Plan, like: Likeness, scope: dict[str, Any]) -> MatchFact | None:
    if like.layers is not None or not like.input:
        return None
    for fact in reversed(plan.functions):
        function = scope.get(fact.name)
        if not isinstance(function, types.FunctionType):
            continue
        if try_function(function, like).runs >= _FUNCTION_SERVES:
            scope[like.name] = function
            return MatchFact(like.name, fact.name, "behaviour", "function", fact.line, fact.cell)
    return None


def _serve_calls(plan: Plan, like: Likeness, scope: dict[str, Any]) -> MatchFact | None:
    calls = [call for call in plan.calls if call.function == like.calls]
    results = assign_results(calls, like.results)
    if not results:
        return None
    first = min(results.values(), key=lambda call: (call.cell or 0, call.line))
    scope[like.name] = function_of(results, like)
    parts = tuple((name, f"{call.written}:{call.line}") for name, call in results.items())
    written = clean(first.written, _MAX_NAME)
    return MatchFact(like.name, written, "behaviour", "calls", first.line, first.cell, parts)
