"""How far from the required names something is looked for, and the words for what was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from grader.course.models import Exercise
from grader.language import Text
from grader.report.examination import CheckResult, Match, Where
from grader.worker import likeness

if TYPE_CHECKING:
    from grader.session.student import Student

_KINDS: Final = {
    "class": Text(en="class", zh="类"),
    "function": Text(en="function", zh="函数"),
    "value": Text(en="value", zh="变量"),
    "object": Text(en="object", zh="对象"),
    "calls": Text(en="calls of", zh="调用"),
}


class Matching(NamedTuple):
    """What a worker needs to know to look for what serves."""

    level: likeness.Matching = "exact"
    likenesses: tuple[likeness.Likeness, ...] = ()
    exact_names: tuple[str, ...] = ()


EXACT: Final = Matching()
"""Nothing is looked for."""


def matching_of(exercise: Exercise, level: likeness.Matching) -> Matching:
    """Say what serves for the names of an exercise."""
    likenesses = tuple(
        msgspec.convert({"name": name, **msgspec.to_builtins(like)}, likeness.Likeness)
        for name, like in exercise.likenesses.items()
    )
    return Matching(level, likenesses, exercise.exact_names)


def is_more_than_misspelt(
    student: Student, exercise: Exercise, results: Sequence[CheckResult]
) -> bool:
    """Whether an exercise's file has a name nearly right, and what it names is not right.

    A slip of spelling costs nothing where it is the only one. Whoever breaks the contract in
    something else, too, is judged by the exact names: matching must not raise that score.
    """
    if student.facts.is_script:
        return False
    near = {fact.name for fact in student.facts.matches if fact.how == "near"}
    tasks = {task.id for task in exercise.tasks if not near.isdisjoint(task.names)}
    passed = {result.id for result in results if result.outcome == "passed"}
    return any(check.task in tasks and check.id not in passed for check in exercise.checks)


def matches_of(student: Student) -> tuple[Match, ...]:
    """Word what was taken for what."""
    from grader.session.places import where  # noqa: PLC0415 - which imports Student

    return tuple(
        _worded(fact, where(student, fact.line, fact.cell))
        for fact in student.facts.matches
        if fact.name in student.required
    )


def _worded(fact: likeness.MatchFact, place: Where | None) -> Match:
    kind = _KINDS[fact.kind]
    line = _line_words(place)
    en = f"graded as `{fact.name}`: {kind.en} `{fact.given}`{line.en}"
    zh = f"按 `{fact.name}` 评分：{kind.zh} `{fact.given}`{line.zh}"
    if fact.how == "near":
        en += f". The exercise asks for exactly `{fact.name}`: this name is only nearly right"
        en += "; here it costs nothing"
        zh += f"。练习要求的名称是 `{fact.name}`，这个名称只是接近；这一次不扣分"
    parts = dict(fact.attributes)
    if parts and fact.kind == "class":
        en += "; " + ", ".join(f"`{given}` as `{name}`" for name, given in parts.items())
        zh += "；" + "，".join(f"`{given}` 当作 `{name}`" for name, given in parts.items())
    return Match(
        name=fact.name,
        given=fact.given,
        how=fact.how,
        kind=fact.kind,
        attributes=parts,
        where=place,
        message=Text(en=f"{en}.", zh=f"{zh}。"),
    )


def _line_words(place: Where | None) -> Text:
    if place is None:
        return Text(en="", zh="")
    if place.cell is None:
        return Text(en=f", line {place.line}", zh=f"（第 {place.line} 行）")
    return Text(
        en=f", code cell {place.cell}, line {place.line}",
        zh=f"（第 {place.cell} 个代码单元格第 {place.line} 行）",
    )
