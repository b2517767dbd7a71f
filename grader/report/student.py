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
from grader.report.examination import Outcome, Output
from grader.report.model import CheckReport, Report

__all__ = ["for_student"]

# What stands in a report without such an entry has a message of ours with nothing of the suite in
# it: how long the code may run, how much memory it may use, which function it may not.
_BY_OUTCOME: Final[dict[Outcome, Text]] = {
    "failed": Text(
        en="The answer is not right. The values stay hidden: try inputs of your own.",
        zh="答案不正确。具体数值不公开：请用你自己的输入试一试。",
    ),
    "error": Text(
        en="Your code raised an exception. Its text stays hidden: try inputs of your own.",
        zh="你的代码抛出了异常。异常内容不公开：请用你自己的输入试一试。",
    ),
    "crashed": Text(
        en="Your code ended the whole process that it ran in.",
        zh="你的代码使整个进程退出了。",
    ),
}
_BY_MISCONCEPTION: Final[dict[str, Text]] = {
    # The student's own words stand in the message, and can be anything.
    "not-written-yet": Text(en="not written yet", zh="尚未完成"),
}
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
    shown = _BY_MISCONCEPTION.get(check.misconception or "") or _BY_OUTCOME.get(check.outcome)
    return msgspec.structs.replace(check, message=shown) if shown else check
