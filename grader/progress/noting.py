"""Takes from a report what is to be remembered of it."""

from __future__ import annotations

from typing import Final

from grader.course.catalog import Course
from grader.language import Text
from grader.progress.model import Finding, Progress, TaskScore
from grader.progress.store import note
from grader.report.examination import Where
from grader.report.model import CheckReport, Report, TaskReport
from grader.report.reading import read_in_order

__all__ = ["note_report"]

_MAX_LETTERS: Final = 400
"""What one screen has room for, whatever a submission has put into its messages."""


def note_report(course: Course, report: Report) -> Text | None:
    """Remember what a grading of the working copy has given.

    Args:
        course: Where the exercise belongs.
        report: What `for_student` gave; nothing else of it may lie in a student's folder.

    Returns:
        What the user should be told; None where all went well.
    """
    # Without a score there is nothing to remember: the fault was not the student's.
    return None if report.score is None else note(course, lambda progress: _take(progress, report))


def _take(progress: Progress, report: Report) -> None:
    one = progress.entry(report.exercise)
    one.last = report.score
    # The course may have changed its points since then.
    same = one.best is not None and one.max_score == report.max_score
    one.best = max(one.best or 0.0, report.score or 0.0) if same else report.score
    one.max_score = report.max_score
    one.graded_at = report.started_at
    one.file = report.submission.path
    one.sha256 = report.submission.sha256
    one.tasks = {task.id: TaskScore(task.score, task.max_score) for task in report.tasks}
    one.next = _first_finding(report)


def _first_finding(report: Report) -> Finding | None:
    """Give what a report says is to be looked at first."""
    reading = read_in_order(report)
    if reading.problem is not None:
        problem = reading.problem
        return _finding(report.title, problem.message, problem.hint, problem.where)
    return None if reading.first is None else _of_check(reading.first.task, reading.first.check)


def _of_check(task: TaskReport, check: CheckReport) -> Finding:
    return _finding(task.title, check.message or check.title, check.hint, check.where)


def _finding(title: Text, message: Text, hint: Text | None, where: Where | None) -> Finding:
    return Finding(
        title=title,
        message=_short(message),
        hint=None if hint is None else _short(hint),
        file="" if where is None else where.file,
        cell=None if where is None else where.cell,
        line=None if where is None else where.line,
    )


def _short(said: Text) -> Text:
    return Text(en=said.en[:_MAX_LETTERS], zh=said.zh[:_MAX_LETTERS])
