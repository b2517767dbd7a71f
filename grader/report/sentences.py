"""The sentences of a report's own, whatever the medium that shows it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from grader.language import Text
from grader.report.examination import SkippedStatement
from grader.report.model import CheckReport, Report, TaskReport
from grader.report.reading import UNWRITTEN, Finding
from grader.report.words import points_words

__all__ = [
    "FollowUp",
    "fault_sentence",
    "is_not_begun",
    "missing_work",
    "skipped_sentence",
    "waiting_sentence",
    "what_next",
]

# Imports that nothing uses, and what calls this grader from a notebook.
_HARMLESS: Final = ("import ", "from ", "%load_ext grader", "%grade")


class FollowUp(NamedTuple):
    """The exercise that comes after this one."""

    id: str
    title: Text


def waiting_sentence(waiting: Sequence[CheckReport]) -> Text:
    """Say how many checks wait for a finding, and for how many points."""
    count, points = len(waiting), points_words(sum(check.max_score for check in waiting))
    if count == 1:
        return Text(
            en=f"1 more check waits for this ({points} points).",
            zh=f"还有 1 项检查要等它通过（{points} 分）。",
        )
    return Text(
        en=f"{count} more checks wait for this ({points} points).",
        zh=f"还有 {count} 项检查要等它通过（{points} 分）。",
    )


def missing_work(finding: Finding) -> dict[Text, float]:
    """Add up the points that wait for each thing that is not written yet.

    Hidden checks say no more than that something is missing; where all else is about one thing,
    they are about it too.
    """
    points: dict[Text, float] = {}
    fallback = Text(en="not written yet", zh="尚未完成")
    for check in (*finding.checks, *finding.waiting):
        message = check.message if check.misconception == UNWRITTEN and check.message else fallback
        points[message] = points.get(message, 0.0) + check.max_score
    generic = min(points, key=lambda message: len(message.en))
    special = [message for message in points if message != generic]
    if len(special) == 1 and special[0].en.startswith(generic.en):
        return {special[0]: sum(points.values())}
    return points


def is_not_begun(task: TaskReport) -> bool:
    """Say whether a task has nothing in it, rather than something wrong."""
    return all(check.misconception == UNWRITTEN for check in task.checks) and bool(task.checks)


def what_next(report: Report, follow_up: FollowUp | None) -> Text | None:
    """Celebrate full marks, and name what comes next; None where marks are missing."""
    if report.score is None or report.score != report.max_score:
        return None
    if follow_up is None:
        return Text(
            en="Full marks. That was the last exercise: well done!",
            zh="满分！这是最后一个练习，做得好！",
        )
    name = follow_up.id
    return Text(
        en=f"Full marks, well done! Next: {name}, {follow_up.title.en}.\n"
        f"`grade show {name}` says what it asks for.",
        zh=f"满分，做得好！下一个：{name} {follow_up.title.zh}。\n"
        f"`grade show {name}` 显示它的要求。",
    )


def fault_sentence(report: Report) -> Text:
    """Say whose fault it is that there is no score."""
    if report.fault_of == "course":
        return Text(
            en="The course is at fault, not your code. This costs you nothing.",
            zh="是课程出了问题，不是你的代码。这不会扣你的分。",
        )
    return Text(
        en="The grader is at fault, not your code. This costs you nothing.",
        zh="是评分程序出了问题，不是你的代码。这不会扣你的分。",
    )


def skipped_sentence(report: Report) -> Text | None:
    """Say which lines were not run; None where that is nobody's concern."""
    skipped = [one for one in report.skipped_statements if not one.code.startswith(_HARMLESS)]
    if not skipped:
        return None
    lines = _ranges(skipped)
    return Text(
        en=f"Not run, since no task needs it: line {lines}. `--run-all` runs everything.",
        zh=f"没有任务需要，因此未运行：第 {lines} 行。使用 `--run-all` 可以全部运行。",
    )


def _ranges(skipped: Iterable[SkippedStatement]) -> str:
    """Give the lines in short: `3, 8-10`, or `cell 2: 1-3` for a notebook."""
    parts: list[str] = []
    for cell, statements in itertools.groupby(skipped, lambda one: one.where.cell):
        lines = sorted({statement.where.line for statement in statements})
        prefix = "" if cell is None else f"[{cell}] "
        parts.append(prefix + ", ".join(_runs(lines)))
    return "; ".join(parts)


def _runs(lines: Sequence[int]) -> Iterator[str]:
    for _, run in itertools.groupby(enumerate(lines), lambda pair: pair[1] - pair[0]):
        numbers = [line for _, line in run]
        yield str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"
