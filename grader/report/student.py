"""What a student may see of a report. The one place that decides it.

Of a hidden check they see its title, its outcome, its hint and the line of their own file that
it is about: never inputs, expected values or paths. What their code printed is left out, and so
is the text of exceptions that it raised in hidden checks, since code can print and raise
whatever it was given.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

import msgspec

from grader.language import Text
from grader.report.examination import Outcome, Output, Where
from grader.report.model import CheckReport, Report

__all__ = ["for_student"]

# What stands in a report without such an entry has a message of ours with nothing of the suite in
# it: how long the code may run, how much memory it may use, which function it may not.
_BY_OUTCOME: Final[dict[Outcome, Text | None]] = {
    "failed": None,
    "error": Text(en="your code raised an exception", zh="你的代码抛出了异常"),
    "crashed": Text(en="your code ended the process that it ran in", zh="你的代码使进程退出了"),
}
_UNWRITTEN: Final = Text(en="not written yet", zh="尚未完成")
_HARMLESS: Final = frozenset({"name-missing", "name-misspelt"})
"""Misconceptions whose message holds no more than a name of the exercise's."""


def for_student(report: Report) -> Report:
    """Give the report without what students may not see."""
    tasks = tuple(
        msgspec.structs.replace(task, checks=tuple(_seen(check) for check in task.checks))
        for task in report.tasks
    )
    return msgspec.structs.replace(
        report,
        tasks=tasks,
        submission=msgspec.structs.replace(
            report.submission, path=PurePath(report.submission.path).name
        ),
        output=Output(),
        # With it, whoever has the suite could make the hidden inputs again.
        environment=msgspec.structs.replace(report.environment, seed=None),
    )


def _seen(check: CheckReport) -> CheckReport:
    if check.visibility == "visible" or check.misconception in _HARMLESS:
        return check
    return msgspec.structs.replace(
        check, message=_harmless_message(check), compared=None, where=_harmless_place(check)
    )


def _harmless_place(check: CheckReport) -> Where | None:
    """Leave out what code can choose while it runs, and so tell by it what it was given.

    A line of the file is little to choose from; where on the line is more, unless it was found in
    the text alone, as for a wrong value.
    """
    is_static = check.outcome == "failed" and check.misconception != "not-written-yet"
    if check.where is None or is_static:
        return check.where
    return msgspec.structs.replace(check.where, column=None, end_column=None)


def _harmless_message(check: CheckReport) -> Text | None:
    # The student's own words stand in the message of a hole, and can be anything.
    if check.misconception == "not-written-yet":
        return _UNWRITTEN
    return _BY_OUTCOME.get(check.outcome, check.message)
