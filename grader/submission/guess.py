"""Guesses by its text which exercises a script is about. Nothing of it is executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from grader.course.models import Exercise, Likeness
from grader.language import Text
from grader.submission.submission import Submission
from grader.worker import facts
from grader.worker.matching.calls import find_calls
from grader.worker.matching.marks import is_about_something_else
from grader.worker.matching.objects import find_objects
from grader.worker.matching.plan import kind_of
from grader.worker.matching.profiles import LAYERS, Profile, find_profiles, resemblance
from grader.worker.parsing import Parsed, Statement, parse_cells

_CLOSE: Final = 0.03
"""Two exercises that a class is as much like as that cannot be told from each other by it."""

_CALLED: Final = re.compile(r"(\w+)\s*[(（]")


class Reason(NamedTuple):
    """Why a script seems to be about an exercise."""

    exercise: Exercise
    line: int
    why: Text


class Guess(NamedTuple):
    """What a script seems to be about."""

    reasons: tuple[Reason, ...]
    """One for each exercise, in the order of the course."""
    doubts: tuple[Reason, ...] = ()
    """Where a class is equally like that of several exercises: one for each of them."""
    others: tuple[str, ...] = ()
    """The networks that are like that of no exercise."""

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """The exercises that it is about."""
        return tuple(reason.exercise for reason in self.reasons)


def guess_exercises(submission: Submission, exercises: Sequence[Exercise]) -> Guess:
    """Guess by what a file defines, is made of and calls.

    Args:
        submission: The file.
        exercises: Those of the course, in their order.
    """
    parsed = parse_cells(submission.cells)
    statements = parsed.statements
    found: list[Reason] = []
    found += _by_names(statements, exercises)
    named = {reason.line for reason in found}
    doubts: list[Reason] = []
    others: list[str] = []
    for profile in find_profiles(statements):
        if profile.is_module and not profile.is_part and profile.line not in named:
            best = _by_layers(profile, exercises)
            (found if len(best) == 1 else doubts).extend(best)
            others += [] if best else [profile.name]
    if not found:
        found += _by_objects(statements, exercises)
    found += _by_calls(statements, exercises)
    found += _by_signs(statements, exercises)
    if not found and not doubts:
        found += (
            _by_file_name(submission, exercises)
            or _by_topics(statements, exercises)
            or _by_broken_text(parsed, exercises)
        )
    return Guess(
        tuple(_first_each(found, exercises)),
        tuple(_first_each(doubts, exercises)),
        tuple(dict.fromkeys(others)),
    )


def _first_each(reasons: Iterable[Reason], exercises: Sequence[Exercise]) -> Iterator[Reason]:
    by_id: dict[str, Reason] = {}
    for reason in reasons:
        by_id.setdefault(reason.exercise.id, reason)
    yield from (by_id[each.id] for each in exercises if each.id in by_id)


def _by_names(statements: Sequence[Statement], exercises: Sequence[Exercise]) -> Iterator[Reason]:
    """Find names that an exercise asks for: of classes and tables, which nobody has by chance."""
    defined = {(fact.name, fact.kind): fact for fact in facts.find_names(statements)}
    for exercise in exercises:
        for name in exercise.names:
            fact = defined.get((name, kind_of(name)))
            if fact is None or (fact.kind == "function" and "_" not in name):
                continue
            why = Text(
                en=f"line {fact.line} defines `{name}`, which {exercise.id} asks for",
                zh=f"第 {fact.line} 行定义了 {exercise.id} 要求的 `{name}`",
            )
            yield Reason(exercise, fact.line, why)


def _by_layers(profile: Profile, exercises: Sequence[Exercise]) -> list[Reason]:
    """Find the exercises whose class this one is most like: one, or several where it is even."""
    measured = [
        (resemblance(profile.layers, like.layers, like.needs), exercise)
        for exercise in exercises
        for like in exercise.likenesses.values()
        if _is_meant(profile, like) and not is_about_something_else(profile.node, like.marks)
    ]
    best = max((alike for alike, _ in measured), default=0.0)
    if not best:
        return []
    closest = [exercise for alike, exercise in measured if alike > best - _CLOSE]
    why = Text(
        en=f"line {profile.line}: the class `{profile.name}` {_made_of(profile.layers).en}",
        zh=f"第 {profile.line} 行的类 `{profile.name}` {_made_of(profile.layers).zh}",
    )
    unique = {exercise.id: exercise for exercise in closest}
    return [Reason(exercise, profile.line, why) for exercise in unique.values()]


def _is_meant(profile: Profile, like: Likeness) -> bool:
    """Whether a class without layers does what the exercise's one does: nothing else tells it."""
    if like.layers is None or (like.layers == () and profile.layers):
        return False
    if like.layers or like.adds is None:
        return True
    kept = _kept_numbers(profile.node)
    return any(
        isinstance(inner, ast.BinOp | ast.AugAssign)
        and isinstance(inner.op, ast.Add)
        and like.adds in [_number(part, kept) for part in ast.iter_child_nodes(inner)]
        for inner in ast.walk(profile.node)
    )


def _kept_numbers(node: ast.ClassDef) -> dict[str, float]:
    """Return the numbers that a class keeps, by attribute."""
    return {
        target.attr: number
        for inner in ast.walk(node)
        if isinstance(inner, ast.Assign)
        for target in inner.targets
        if isinstance(target, ast.Attribute) and (number := _number(inner.value, {})) is not None
    }


def _number(node: ast.AST, kept: Mapping[str, float]) -> float | None:
    """Return a number, also one that is kept: `self.step`."""
    if isinstance(node, ast.Attribute):
        return kept.get(node.attr)
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, int | float) else None


def _made_of(layers: Sequence[str]) -> Text:
    if not layers:
        return Text(en="has no layer, and adds a number", zh="没有层，只做加法")
    counts: dict[str, int] = {}
    for layer in layers:
        counts[layer] = counts.get(layer, 0) + 1
    said = ", ".join(f"{layer} ×{count}" if count > 1 else layer for layer, count in counts.items())
    return Text(en=f"is made of {said}", zh=f"由 {said} 组成")


def _by_objects(statements: Sequence[Statement], exercises: Sequence[Exercise]) -> Iterator[Reason]:
    """Find the exercise that a network without a class round it is most like."""
    for each in find_objects(statements):
        measured = [
            (resemblance(each.layers, like.layers, like.needs), exercise)
            for exercise in exercises
            for like in exercise.likenesses.values()
            if like.layers and not is_about_something_else(each.node, like.marks)
        ]
        alike, exercise = max(measured, key=lambda pair: pair[0], default=(0.0, None))
        if alike and exercise is not None:
            made = _made_of(each.layers)
            why = Text(
                en=f"line {each.line}: `{each.name}` {made.en}",
                zh=f"第 {each.line} 行的 `{each.name}` {made.zh}",
            )
            yield Reason(exercise, each.line, why)


def _by_calls(statements: Sequence[Statement], exercises: Sequence[Exercise]) -> Iterator[Reason]:
    for exercise in exercises:
        wanted = {like.calls for like in exercise.likenesses.values() if like.calls}
        for call in find_calls(statements, wanted)[:1]:
            why = Text(
                en=f"line {call.line} calls `{call.written}`, outside of any network",
                zh=f"第 {call.line} 行在网络之外调用了 `{call.written}`",
            )
            yield Reason(exercise, call.line, why)


def _by_signs(statements: Sequence[Statement], exercises: Sequence[Exercise]) -> Iterator[Reason]:
    used = {use.name: use.line for use in reversed(facts.find_uses(statements))}
    for exercise in exercises:
        if exercise.signs and all(sign in used for sign in exercise.signs):
            line = min(used[sign] for sign in exercise.signs)
            said = ", ".join(f"`{sign}()`" for sign in exercise.signs)
            why = Text(en=f"line {line}: it uses {said}", zh=f"第 {line} 行：用到了 {said}")
            yield Reason(exercise, line, why)


def _by_file_name(submission: Submission, exercises: Sequence[Exercise]) -> list[Reason]:
    why = Text(en=f"it is called `{submission.id}`", zh=f"文件名是 `{submission.id}`")
    return [
        Reason(exercise, 1, why)
        for exercise in exercises
        if submission.id.casefold().startswith(exercise.id)
    ]


def _by_topics(statements: Sequence[Statement], exercises: Sequence[Exercise]) -> list[Reason]:
    """Find the one exercise that a script without anything to grade belongs to."""
    used = {use.name: use.line for use in reversed(facts.find_uses(statements))}
    for exercise in reversed(exercises):
        for group in exercise.topics:
            if all(name in used for name in group):
                line = min(used[name] for name in group)
                said = ", ".join(f"`{name.removeprefix('.')}`" for name in group)
                why = Text(en=f"line {line}: it uses {said}", zh=f"第 {line} 行：用到了 {said}")
                return [Reason(exercise, line, why)]
    return []


def _by_broken_text(parsed: Parsed, exercises: Sequence[Exercise]) -> list[Reason]:
    """Find the exercise of a class that cannot be read, by the layers that its text names."""
    broken = next((each for each in parsed.problems if each.kind == "syntax"), None)
    if broken is None:
        return []
    text = "\n".join(line for lines in parsed.lines.values() for line in lines)
    layers = [name for name in _CALLED.findall(text) if name in LAYERS]
    measured = [
        (resemblance(layers, like.layers, like.needs), exercise)
        for exercise in exercises
        for like in exercise.likenesses.values()
        if like.layers
    ]
    alike, best = max(measured, key=lambda pair: pair[0], default=(0.0, None))
    if not alike or best is None:
        return []
    made = _made_of(layers)
    return [
        Reason(best, broken.line or 1, Text(en=f"its text {made.en}", zh=f"其中的代码{made.zh}"))
    ]
