"""Words what a file does not have: missing in an exercise's file, to be done in a script."""

from __future__ import annotations

import difflib
import inspect
from ast import FunctionDef
from collections.abc import Collection
from types import FunctionType, ModuleType

from grader.course.models import Exercise
from grader.language import Text
from grader.report.examination import CheckResult
from grader.session.finding import Finding
from grader.session.places import place_of_definition
from grader.session.student import Student
from grader.worker import wire
from grader.worker.matching.plan import kind_of
from grader.worker.parsing import parse_cells

_NOTHING_DEFINED = Text(
    en="your file defines nothing: it has neither a function nor a class",
    zh="你的文件里什么都没有定义：既没有函数，也没有类",
)
_NOTHING_DEFINED_HINT = Text(
    en="Was it saved empty by mistake? Undo in your editor, or take back the file that was "
    "handed out with `grade reset`, which keeps yours.",
    zh="是不是误存成了空文件？可以在编辑器里撤销，或用 `grade reset` 恢复发放时的文件，"
    "你的旧文件会保留。",
)


def find_untouched(
    student: Student, exercise: Exercise, reference: ModuleType | None
) -> dict[str, CheckResult]:
    """Give the results of the checks of tasks that a script has nothing for: they need no run.

    Args:
        student: Whose script it is.
        exercise: What is asked for.
        reference: The solution.
    """
    facts = student.facts
    if not facts.is_script:
        return {}
    there = {fact.name for fact in facts.matches}
    # `sigmoid = Sigmoid()` is no function that an exercise asks for.
    there |= {fact.name for fact in facts.defined if fact.kind in (kind_of(fact.name), "import")}
    there -= _taken_by_chance(there & set(exercise.names), student, reference)
    # A star may have meant any name: whoever writes a script has not promised one.
    lost = [each for each in facts.problems if not is_starred_import(each)]
    there.update(name for problem in lost for name in problem.names)
    findings = {
        task.id: of_absent_name(task.names[0], student)
        for task in exercise.tasks
        if there.isdisjoint(task.names)
    }
    return {
        check.id: CheckResult(check.id, "not_run", message=findings[check.task].message)
        for check in exercise.checks
        if check.task in findings
    }


def _taken_by_chance(
    names: Collection[str], student: Student, reference: ModuleType | None
) -> set[str]:
    """Return the functions that share a name with the exercise's, and cannot be called like it.

    `fit` and `evaluate` are what anybody may call a function of a script.
    """
    asked = {
        name: function
        for name in names
        if isinstance(function := getattr(reference, name, None), FunctionType)
    }
    if not asked:
        return set()
    statements = parse_cells(student.submission.cells).statements
    own = {each.node.name: each.node for each in statements if isinstance(each.node, FunctionDef)}
    return {name for name in asked.keys() & own.keys() if not _takes(own[name], asked[name])}


def _takes(function: FunctionDef, asked: FunctionType) -> bool:
    """Whether a function takes as many arguments as another one can be called with."""
    arguments = function.args
    most = len(arguments.posonlyargs) + len(arguments.args)
    least = most - len(arguments.defaults)
    parameters = inspect.signature(asked).parameters.values()
    required = sum(each.default is each.empty for each in parameters)
    return least <= len(parameters) and (most >= required or arguments.vararg is not None)


def of_what_is_not_there(detail: str, exercise: Exercise) -> Finding:
    """Word that what serves in a script has nothing for a check.

    Another part of the script may have it: a layer that is called beside the network. Of the
    worker's words only ours are repeated.
    """
    likenesses = exercise.likenesses.values()
    ours = {like.variant.argument for like in likenesses if like.variant is not None}
    ours.update(name for like in likenesses for name in like.attributes)
    name = f" (`{detail}`)" if detail in ours else ""
    message = Text(
        en=f"what is graded here does not do this yet{name}",
        zh=f"这里评分的内容还没有做到这一点{name}",
    )
    return Finding("not_run", message)


def of_values_not_refused() -> Finding:
    """Word that a script takes what the exercise wants refused, which no video asks for.

    It may refuse it later, or in other words.
    """
    message = Text(
        en="where a wrong value is passed, this script does not yet raise the error asked for",
        zh="传入不合法的值时，这个脚本还没有当场抛出所要求的异常",
    )
    return Finding("not_run", message)


def is_starred_import(problem: wire.ProblemFact) -> bool:
    """Whether a star was to be imported, of which nobody knows what it would have defined."""
    return problem.kind == "import" and (problem.text or "").rstrip().endswith("*")


def of_absent_name(name: str, student: Student) -> Finding:
    """Word that no line of the file defines a name; lead to one that is spelt much like it."""
    if student.facts.is_script:
        return Finding(
            "not_run",
            Text(
                en=f"nothing in this script plays the part of `{name}`",
                zh=f"这个脚本里没有与 `{name}` 对应的内容",
            ),
            _near_name_hint(name, student),
        )
    if not student.facts.defined and not student.facts.problems:
        return Finding("failed", _NOTHING_DEFINED, _NOTHING_DEFINED_HINT, "name-missing")
    message = Text(en=f"your file does not define `{name}`", zh=f"你的文件没有定义 `{name}`")
    near = _near_fact(name, student)
    if near is None:
        return Finding("failed", message, None, "name-missing")
    hint = _near_name_hint(name, student)
    return Finding("failed", message, hint, "name-misspelt", place_of_definition(near, student))


def _near_name_hint(name: str, student: Student) -> Text | None:
    near = _near_fact(name, student)
    if near is None:
        return None
    return Text(
        en=f"Line {near.line} defines `{near.name}`. Is `{name}` meant?",
        zh=f"第 {near.line} 行定义了 `{near.name}`，是不是想写 `{name}`？",
    )


def _near_fact(name: str, student: Student) -> wire.NameFact | None:
    kind = kind_of(name)
    facts = student.facts.defined
    names = {fact.name: fact for fact in facts if fact.kind in (kind, "import")}
    folded = {known.casefold().replace("_", ""): known for known in names}
    close = difflib.get_close_matches(name.casefold().replace("_", ""), folded, n=1, cutoff=0.75)
    return names[folded[close[0]]] if close and folded[close[0]] != name else None
