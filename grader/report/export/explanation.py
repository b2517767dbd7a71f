"""What a student is told about a check, and about a report as a whole, in plain lines.

The lines hold untrusted text: whoever writes them down makes them harmless for its medium.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from grader.language import Language, Text
from grader.report.examination import Problem, Where
from grader.report.model import CheckReport, Report, TaskReport
from grader.report.words import OUTCOME_WORDS, later_words, place_words, score_words

__all__ = ["GRADER_FAULT", "all_checks", "explain_check", "explain_report", "name_of"]

_COURSE_FAULT: Final = Text(
    en="The course is at fault, not your code. This was not graded and costs you nothing.",
    zh="是课程出了问题，不是你的代码。本次没有评分，也不会扣你的分。",
)
GRADER_FAULT: Final = Text(
    en="The grader is at fault, not your code. This was not graded and costs you nothing.",
    zh="是评分程序出了问题，不是你的代码。本次没有评分，也不会扣你的分。",
)
"""What a student is told where we broke."""
_NOT_RUNNABLE: Final = Text(
    en="No part of the file could be run.", zh="文件中没有任何部分可以运行。"
)
_HINT: Final = Text(en="hint: ", zh="提示：")


def all_checks(report: Report) -> Iterator[tuple[int, TaskReport, CheckReport]]:
    """Give all checks in their order, each with its task and the task's number from 1."""
    for number, task in enumerate(report.tasks, start=1):
        for check in task.checks:
            yield number, task, check


def name_of(task: TaskReport, check: CheckReport, language: Language) -> str:
    """Name a check so that it is unique within an exercise and says what it is about."""
    return Text(
        en=f"{task.title.en}: {check.title.en}", zh=f"{task.title.zh}：{check.title.zh}"
    ).to(language)


def explain_check(check: CheckReport, language: Language) -> str:
    """Say how a check ended, where, and what to look at; nothing where it was passed."""
    if check.outcome == "passed":
        return ""
    message = (check.message or OUTCOME_WORDS[check.outcome]).to(language)
    hint = check.hint
    return "\n".join(
        [
            message,
            *_place(check.where, language),
            *([] if hint is None else [_HINT.to(language) + hint.to(language)]),
        ]
    )


def explain_report(report: Report, language: Language) -> str:
    """Say what holds for the submission as a whole: the score, or the fault, and the problems."""
    return "\n".join(_report_lines(report, language))


def _report_lines(report: Report, language: Language) -> Iterator[str]:
    yield f"{report.exercise}  {report.title.to(language)}"
    if report.score is None or report.max_score is None:
        of_course = report.fault_of == "course"
        yield (_COURSE_FAULT if of_course else GRADER_FAULT).to(language)
        if report.fault is not None:
            yield report.fault.to(language)
        return
    yield score_words(report).to(language)
    if later := later_words(report):
        yield later.to(language)
    if report.status == "not_runnable":
        yield _NOT_RUNNABLE.to(language)
    for problem in report.problems:
        yield from _problem(problem, language)
    for note in report.notes:
        yield note.to(language)


def _problem(problem: Problem, language: Language) -> Iterator[str]:
    yield problem.message.to(language)
    yield from _place(problem.where, language)
    if problem.hint is not None:
        yield _HINT.to(language) + problem.hint.to(language)


def _place(where: Where | None, language: Language) -> list[str]:
    return [] if where is None else [place_words(where, language)]
