"""Words what ended a check, for a beginner, in both languages."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from grader.course.models import Exercise
from grader.errors import SuiteError
from grader.language import Text, text
from grader.report.examination import Where
from grader.session.absence import (
    of_absent_name,
    of_values_not_refused,
    of_what_is_not_there,
)
from grader.session.error_hints import ABOUT_LAYERS, GENERAL, ErrorHint, find_hint
from grader.session.excesses import HINT, find_excess
from grader.session.failures import (
    Absent,
    CheckFailed,
    NameMissing,
    NotRefused,
    OtherError,
    StudentError,
    ValueRefused,
    WorkerLost,
)
from grader.session.finding import Finding
from grader.session.formulas import sum_behind_error
from grader.session.lost_worker import of_lost_worker, of_memory
from grader.session.places import Columns, place_of, where
from grader.session.refusals import Refusal, find_refusal
from grader.session.student import Student
from grader.worker import wire

_MAX_MESSAGE: Final = 600
_SEPARATOR: Final = " | "
_MAX_LINES: Final = 4
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_UNDEFINED: Final = re.compile(r"name '(\w+)' is not defined")
_PASS_IT: Final = Text(
    en="give the function what it needs as an argument.",
    zh="请把函数需要的东西作为参数传入。",
)
_RETURN_ITS_OWN: Final = Text(
    en="return what the function itself computed.", zh="请返回函数自己算出的结果。"
)


def diagnose(
    error: BaseException, student: Student, exercise: Exercise, names: Collection[str] = ()
) -> Finding | None:
    """Word an exception that left a suite; None where it is not about the student's work.

    Args:
        error: What left it.
        student: Whose work it is about.
        exercise: What is asked for.
        names: The names that the check's task asks for.
    """
    to_do = _left_to_do(error, student, names)
    if to_do is not None:
        return to_do
    if isinstance(error, CheckFailed):
        return _of_failure(error, exercise)
    if isinstance(error, StudentError):
        return _of_student_error(error, student, exercise)
    if isinstance(error, NameMissing):
        return _of_missing_name(error.name, student)
    if isinstance(error, WorkerLost):
        return of_lost_worker(error.kind, error.detail, error.places, student)
    return _of_refused_value(error.refused, exercise) if isinstance(error, ValueRefused) else None


def _left_to_do(error: BaseException, student: Student, names: Collection[str]) -> Finding | None:
    """Word what a script of the learner's own does not do, which is no mistake there."""
    if isinstance(error, Absent) and student.facts.is_script:
        return Finding("not_run", error.message)
    if isinstance(error, NotRefused | OtherError) and _is_served(names, student):
        return of_values_not_refused()
    return None


def _is_served(names: Collection[str], student: Student) -> bool:
    """Whether something of another name, found by what it does, stands for one of these."""
    return any(match.name in names and match.how == "behaviour" for match in student.facts.matches)


def _of_failure(error: CheckFailed, exercise: Exercise) -> Finding:
    name = error.misconception
    if name is None:
        return Finding("failed", error.message, compared=error.compared)
    hint = exercise.misconceptions.get(name) or GENERAL.get(name)
    if hint is None:
        raise SuiteError(
            Text(
                en=f"a check names the misconception {name!r}, which the manifest does not explain",
                zh=f"某个检查提到了误区 {name!r}，但清单中没有说明",
            )
        )
    return Finding("failed", error.message, hint, name, compared=error.compared)


def _of_student_error(error: StudentError, student: Student, exercise: Exercise) -> Finding:
    raised, wanted = error.raised, error.wanted if isinstance(error, OtherError) else None
    place = place_of(raised.place, student)
    if raised.out_of_memory:
        return of_memory(raised.out_of_memory, place)
    if raised.type_name == "NotImplementedError" and _is_stub(raised.message):
        return Finding("failed", _not_written_yet(raised.message), None, "not-written-yet", place)
    refused = find_refusal(raised.message)
    if refused is not None:
        return _of_refusal(refused, raised.type_name, place)
    lines = _first_lines(raised.message)
    # What the check handed in was wrong by design: a cause in the student's network is none.
    known = None if wanted else _known_cause(raised, student)
    detail = f"{raised.type_name}: {lines}" if lines else raised.type_name
    return Finding(
        "error",
        _not_wanted(detail, wanted) if wanted else _with_sum(detail, raised.message, student),
        _hint_for_lost_name(raised, student)
        or _hint_for_near_name(raised.near, student)
        # What an error means may be another thing in an exercise that asks for it.
        or (exercise.misconceptions.get(known.id, known.text) if known else None),
        known.id if known else None,
        place,
    )


def _known_cause(raised: wire.Raised, student: Student) -> ErrorHint | None:
    known = find_hint(raised.type_name, raised.message)
    is_of_layer = known is not None and known.id in ABOUT_LAYERS
    return None if is_of_layer and _runs_network_of_check(raised, student) else known


def _runs_network_of_check(raised: wire.Raised, student: Student) -> bool:
    """Say whether a function of the student's ran what the check had passed to it.

    A layer that refuses its input is then none of the student's. What a function made runs when
    the check calls it, and no line of the student's is running.
    """
    if raised.place is None or student.facts.is_script:
        return False
    asked = {fact.kind for fact in student.facts.defined if fact.name in student.names}
    return asked == {"function"}


def _not_wanted(detail: str, wanted: str) -> Text:
    return Text(
        en=f"a {wanted} was expected, your code raised {detail}",
        zh=f"应当抛出 {wanted}，你的代码却抛出了 {detail}",
    )


def _with_sum(detail: str, message: str, student: Student) -> Text:
    """Word an error, with the numbers behind it: not as a hint, which hidden checks show too."""
    source = "\n".join(one.text for one in student.submission.cells)
    known = sum_behind_error(message, source)
    en, zh = f"your code raised {detail}", f"你的代码抛出了 {detail}"
    return Text(en, zh) if known is None else Text(f"{en}\n{known.en}", f"{zh}\n{known.zh}")


def _of_refusal(refused: Refusal, type_name: str, place: Where | None) -> Finding:
    name = type_name[:_MAX_MESSAGE]
    message = Text(
        en=f"{refused.message.en[:_MAX_MESSAGE]} (your code raised {name})",
        zh=f"{refused.message.zh[:_MAX_MESSAGE]}（你的代码抛出了 {name}）",
    )
    return Finding("error", message, refused.hint, refused.id, place)


def _first_lines(message: str) -> str:
    """Shorten torch's longer speeches, and take their colours off."""
    plain = _COLOUR.sub("", message[:_MAX_MESSAGE])
    return "\n".join(plain.splitlines()[:_MAX_LINES])


def _hint_for_near_name(near: tuple[str, ...], student: Student) -> Text | None:
    # A name that the file does not spell out may have been made of what a check handed in.
    if not near or not any(near[0] in one.text for one in student.submission.cells):
        return None
    if near[0] == "__int__":
        return Text(
            en="The class defines `__int__`: Python calls `__init__`, with two i's and a t.",
            zh="这个类定义的是 `__int__`：Python 调用的是 `__init__`。",
        )
    return Text(
        en=f"The object has `{near[0]}`: is the name misspelt?",
        zh=f"这个对象有 `{near[0]}`：是不是名字写错了？",
    )


def _is_stub(message: str) -> bool:
    """Tell a hole of the exercise's from what torch does not implement."""
    return not message.strip() or message.lstrip().startswith("TODO")


def _hint_for_lost_name(raised: wire.Raised, student: Student) -> Text | None:
    """Lead from a name that is not defined to the line that should have defined it."""
    match = _UNDEFINED.match(raised.message)
    if match is None or "NameError" not in raised.bases:
        return None
    for fact in student.facts.problems:
        line = fact.statement or fact.line
        if match[1] in fact.names and line is not None:
            cause = problem_hint(fact)
            return Text(
                en=f"Line {line} should have defined `{match[1]}`, and failed. "
                f"{cause.en if cause else ''}".rstrip(),
                zh=f"第 {line} 行本应定义 `{match[1]}`，但该行出错了。{cause.zh if cause else ''}",
            )
    for known in student.facts.defined:
        if known.name == match[1]:
            cure = _RETURN_ITS_OWN if _is_returned(known.name, raised, student) else _PASS_IT
            return Text(
                en=f"Line {known.line} defines `{match[1]}`, but is not run when grading: "
                f"{cure.en}",
                zh=f"第 {known.line} 行定义了 `{match[1]}`，但评分时不会运行那一行：{cure.zh}",
            )
    return None


def _is_returned(name: str, raised: wire.Raised, student: Student) -> bool:
    """Whether a line only returns a name: it was to be a result, not something needed."""
    place = where(student, raised.place.line, raised.place.cell) if raised.place else None
    return (place.source if place and place.source else "").split() == ["return", name]


def _not_written_yet(message: str) -> Text:
    plain = message[:_MAX_MESSAGE].removeprefix("TODO").lstrip(": ")
    en, separator, zh = plain.partition(_SEPARATOR)
    if not message:
        return Text(en="not written yet", zh="尚未完成")
    return Text(en=f"not written yet: {en}", zh=f"尚未完成：{zh if separator else en}")


def _of_missing_name(name: str, student: Student) -> Finding:
    for problem in student.facts.problems:
        lost = student.loss_behind(problem)
        if name in problem.names and lost is not None:
            return of_lost_worker(lost.kind, lost.detail, lost.places, student)
        if name in problem.names:
            place = place_of_problem(problem, student)
            why = problem_text(problem)
            line = "" if place is None else f" {place.line}"
            return Finding(
                "error",
                Text(
                    en=f"`{name}` is not defined, because line{line} failed: {why.en}",
                    zh=f"`{name}` 没有定义，因为第{line} 行出错：{why.zh}",
                ),
                problem_hint(problem),
                None,
                place,
            )
    return of_absent_name(name, student)


def problem_text(problem: wire.ProblemFact) -> Text:
    """Word the error that a statement of the file ended with."""
    refused = find_refusal(problem.message)
    if refused is not None:
        message = refused.message
        return Text(en=message.en[:_MAX_MESSAGE], zh=message.zh[:_MAX_MESSAGE])
    excess = find_excess(problem.message) if problem.kind == "complexity" else None
    if excess is not None:
        return Text(
            en=f"This is more than can be graded: {excess.en}",
            zh=f"超出了可评分的范围：{excess.zh}",
        )
    return text(f"{problem.type_name}: {problem.message}"[:_MAX_MESSAGE])


def problem_hint(problem: wire.ProblemFact) -> Text | None:
    """Give the likely cause of such an error."""
    refused = find_refusal(problem.message)
    if refused is not None:
        return refused.hint
    if problem.kind == "complexity":
        return HINT
    known = find_hint(problem.type_name, problem.message)
    return known.text if known else None


def place_of_problem(problem: wire.ProblemFact, student: Student) -> Where | None:
    """Name the line of a statement that could not be parsed, or failed."""
    columns = Columns(problem.column) if problem.column else None
    return where(student, problem.line, problem.cell, columns)


def _of_refused_value(refused: wire.Refused, exercise: Exercise) -> Finding:
    if refused.reason == "not_offered":
        return of_what_is_not_there(refused.detail, exercise)
    return Finding(
        "failed",
        Text(
            en=f"the value that your code gave is too large to be compared: {refused.detail}",
            zh=f"你的代码给出的值太大，无法比较：{refused.detail}",
        ),
    )


def of_forbidden(names: tuple[str, ...], place: Where | None) -> Finding:
    """Word the use of what a task must do without."""
    shown = ", ".join(f"`{name}`" for name in names)
    return Finding(
        "forbidden",
        Text(
            en=f"this task is to be done by hand: your code ran {shown}",
            zh=f"本任务要求手写实现：你的代码调用了 {shown}",
        ),
        Text(
            en="Use tensor operations only; the exercise's text lists what is not allowed.",
            zh="请只使用张量运算；练习说明里列出了不允许使用的内容。",
        ),
        "forbidden-operator",
        place,
    )


def of_unusable_value(error: BaseException) -> Finding:
    """Word that a suite broke on what the student gave, where the reference passes."""
    return Finding(
        "error",
        Text(
            en=f"what your code gave cannot be used like the right answer ({type(error).__name__})",
            zh=f"你的代码给出的结果不能像正确答案那样使用（{type(error).__name__}）",
        ),
        Text(
            en="Compare names, types and attributes with what the exercise's text asks for.",
            zh="请对照练习说明检查名称、类型和属性。",
        ),
    )
