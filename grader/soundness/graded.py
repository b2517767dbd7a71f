"""Rules on reports: of the solution, of the stub, of wrong answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from grader.course.models import Exercise, Limits
from grader.language import Text, text
from grader.report.model import CheckReport, Report
from grader.soundness.faults import Fault
from grader.soundness.mistakes import Mistake
from grader.soundness.subject import Subject

__all__ = [
    "SEEDS",
    "fault_of_report",
    "hint_faults",
    "limit_faults",
    "not_passed",
    "repeat_faults",
    "solution_faults",
    "stub_faults",
    "with_quarter_limits",
    "wrong_answer_faults",
]

SEEDS: Final = (1, 2, 3, 4, 5)
"""The solution has to get full marks under each of them."""
_SHARE: Final = 4
_UNWRITTEN: Final = Text(en="not written yet:", zh="尚未完成：")


def not_passed(report: Report) -> list[CheckReport]:
    """Give the checks that were not passed."""
    return [check for task in report.tasks for check in task.checks if check.outcome != "passed"]


def with_quarter_limits(exercise: Exercise) -> Exercise:
    """Give the exercise with a quarter of each of its limits.

    Limits are kept by the machinery that grades; what passes with a quarter of each of them stays
    under a quarter.
    """
    limits = exercise.limits
    return msgspec.structs.replace(
        exercise,
        limits=Limits(
            load_seconds=limits.load_seconds / _SHARE,
            call_seconds=limits.call_seconds / _SHARE,
            check_seconds=limits.check_seconds / _SHARE,
            memory_mb=max(1, limits.memory_mb // _SHARE),
            output_kb=max(1, limits.output_kb // _SHARE),
        ),
    )


def fault_of_report(report: Report) -> Fault | None:
    """Give the fault where a submission could not be graded at all."""
    if report.fault is None:
        return None
    return Fault(
        "suite",
        report.fault,
        Text(
            en="Mend the suite at the line that the message names.",
            zh="请修改提示中所说的那一行测试。",
        ),
        ours=report.fault_of == "grader",
    )


def solution_faults(subject: Subject, report: Report) -> Iterator[Fault]:
    """Find checks that the solution does not pass."""
    if fault := fault_of_report(report):
        yield msgspec.structs.replace(fault, file=subject.exercise.suite)
        return
    for check in not_passed(report):
        said = check.message or text(check.outcome)
        file, line = subject.place_of_check(check.id)
        seed = report.environment.seed
        yield Fault(
            "solution",
            Text(
                en=f"the solution fails `{check.id}` with seed {seed}: {said.en}",
                zh=f"参考答案在种子 {seed} 下未通过 `{check.id}`：{said.zh}",
            ),
            Text(
                en=f"Mend the check or the solution, then run `grade {subject.exercise.id} --file "
                f"{subject.exercise.solution.name} --seed {seed}` on it.",
                zh=f"请修改检查或参考答案，再对它运行 `grade {subject.exercise.id} --file "
                f"{subject.exercise.solution.name} --seed {seed}`。",
            ),
            file,
            line,
        )


def repeat_faults(subject: Subject, first: Report, second: Report) -> Iterator[Fault]:
    """Find checks that say something else on a second run with the same seed."""
    pairs = zip(_findings(first), _findings(second), strict=False)
    for one, other in pairs:
        if one != other:
            file, line = subject.place_of_check(one.id)
            yield Fault(
                "repeatable",
                Text(
                    en=f"`{one.id}` on {first.submission.id} says something else on a second run: "
                    f"{_said(one).en} / {_said(other).en}",
                    zh=f"`{one.id}` 对 {first.submission.id} 第二次运行的结果不同："
                    f"{_said(one).zh} / {_said(other).zh}",
                ),
                Text(
                    en="Draw all random values from the fixtures: they follow the seed.",
                    zh="所有随机值都应来自 fixture：它们由种子决定。",
                ),
                file,
                line,
            )


def limit_faults(subject: Subject, report: Report) -> Iterator[Fault]:
    """Find what the solution cannot do with a quarter of each limit."""
    spent = [check for check in not_passed(report) if check.outcome != "not_run"]
    names = ", ".join(f"`{check.id}` ({check.outcome})" for check in spent[:3])
    if report.output.truncated_bytes:
        names = names or "output_kb"
    if not names:
        return
    yield Fault(
        "limits",
        Text(
            en=f"the solution needs more than a quarter of a limit: {names}",
            zh=f"参考答案用去的资源超过某项上限的四分之一：{names}",
        ),
        Text(
            en="Raise the limit in [limits], or ask less of the student's code in that check.",
            zh="请在 [limits] 中提高上限，或减少该检查对学生代码的要求。",
        ),
        subject.manifest,
    )


def stub_faults(subject: Subject, report: Report) -> Iterator[Fault]:
    """Find checks that the stub passes, or that do not tell a beginner what is missing."""
    if fault := fault_of_report(report):
        yield msgspec.structs.replace(fault, file=subject.exercise.suite)
        return
    for task in report.tasks:
        for check in task.checks:
            if check.outcome == "passed":
                yield _at_check(
                    subject,
                    check,
                    "stub",
                    Text(en=f"the stub passes `{check.id}`", zh=f"空白文件也能通过 `{check.id}`"),
                )
            elif not _says_unwritten(check):
                said = check.message or text(check.outcome)
                yield _at_check(
                    subject,
                    check,
                    "stub",
                    Text(
                        en=f"on the stub `{check.id}` does not say what is not written yet, but: "
                        f"{said.en}",
                        zh=f"对空白文件，`{check.id}` 没有说明尚未完成什么，而是：{said.zh}",
                    ),
                )


def wrong_answer_faults(mistake: Mistake, report: Report) -> Iterator[Fault]:
    """Find what a report says otherwise than the head of the wrong answer."""
    if fault := fault_of_report(report):
        yield msgspec.structs.replace(fault, file=mistake.file)
        return
    failed = not_passed(report)
    found = {check.id for check in failed}
    for words, names in (
        (Text(en="it passes", zh="它通过了"), mistake.fails - found),
        (Text(en="it fails also", zh="它还未通过"), found - mistake.fails),
    ):
        if names:
            listed = ", ".join(sorted(names))
            yield Fault(
                "wrong-answer",
                Text(en=f"{words.en} {listed}", zh=f"{words.zh} {listed}"),
                Text(
                    en="Correct `# fails:`, or the check that does not see this mistake.",
                    zh="请修改 `# fails:`，或改进没有发现这个错误的检查。",
                ),
                mistake.file,
                1,
            )
    broken = [task.id for task in report.tasks if task.score < task.max_score]
    if len(broken) != 1:
        yield Fault(
            "wrong-answer",
            Text(
                en=f"one mistake costs points of one task, not of {', '.join(broken) or 'none'}",
                zh=f"一个错误应当只影响一个任务的分数，而不是：{', '.join(broken) or '没有'}",
            ),
            Text(en="Keep to one mistake a file.", zh="每个文件只写一个错误。"),
            mistake.file,
        )
    yield from _misconception_faults(mistake, failed)


def hint_faults(subject: Subject, mistake: Mistake, report: Report) -> Iterator[Fault]:
    """Find a wrong answer that tells its author nothing: no hint, no message of a visible check."""
    failed = not_passed(report.for_student())
    if not failed or any(check.hint or check.visibility == "visible" for check in failed):
        return
    file, line = subject.place_of_check(failed[0].id)
    yield Fault(
        "hint",
        Text(
            en=f"`{failed[0].id}` gives no hint for {mistake.file.name}, and no other check does",
            zh=f"`{failed[0].id}` 和其他检查都没有给 {mistake.file.name} 任何提示",
        ),
        Text(
            en="Give the check a `hint`, or name the mistake as a misconception.",
            zh="请给检查加上 `hint`，或把这个错误写成一个误区。",
        ),
        file,
        line,
    )


def _misconception_faults(mistake: Mistake, failed: Sequence[CheckReport]) -> Iterator[Fault]:
    if mistake.misconception is None:
        return
    named = [check for check in failed if check.misconception == mistake.misconception]
    if not named:
        others = sorted({check.misconception for check in failed if check.misconception})
        yield Fault(
            "wrong-answer",
            Text(
                en=f"the report does not name `{mistake.misconception}`, "
                f"but {', '.join(others) or 'none'}",
                zh=f"报告没有指出 `{mistake.misconception}`，而是 {', '.join(others) or '没有'}",
            ),
            Text(
                en="Let a check that it fails compare with what this mistake computes.",
                zh="让它未通过的某个检查与这个错误算出的值比较。",
            ),
            mistake.file,
            2,
        )
    for check in named:
        if check.hint is None:
            yield Fault(
                "wrong-answer",
                Text(
                    en=f"`{check.id}` names the misconception without a hint",
                    zh=f"`{check.id}` 指出了误区，却没有提示",
                ),
                Text(en="Explain it in the manifest.", zh="请在清单中说明它。"),
                mistake.file,
                2,
            )


class _Finding(msgspec.Struct, frozen=True):
    """What a report says of a check, without times."""

    id: str
    outcome: str
    score: float
    message: Text | None
    hint: Text | None
    misconception: str | None


def _findings(report: Report) -> list[_Finding]:
    return [
        _Finding(c.id, c.outcome, c.score, c.message, c.hint, c.misconception)
        for task in report.tasks
        for c in task.checks
    ]


def _said(finding: _Finding) -> Text:
    return finding.message or text(finding.outcome)


def _says_unwritten(check: CheckReport) -> bool:
    said = check.message
    return (
        check.outcome == "failed"
        and said is not None
        and said.en.startswith(_UNWRITTEN.en)
        and said.zh.startswith(_UNWRITTEN.zh)
    )


def _at_check(subject: Subject, check: CheckReport, rule: str, message: Text) -> Fault:
    file, line = subject.place_of_check(check.id)
    cure = Text(
        en="Let the check use what the student has to write, before anything else.",
        zh="检查应当先用到学生需要编写的内容。",
    )
    return Fault(rule, message, cure, file, line)
