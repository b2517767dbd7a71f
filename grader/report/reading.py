"""The order in which a report is read: the one thing to look at first, then the rest, in short.

What failed for one and the same reason is one finding, and so is what waits for it: checks that
need the ones which failed. A mistake comes before what is not written yet, and of two mistakes the
one that holds up more; the rest keeps the order of the exercise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from grader.report.examination import Problem, Where
from grader.report.model import CheckReport, Report, TaskReport

__all__ = ["UNWRITTEN", "Finding", "Reading", "is_left_out", "is_untouched", "read_in_order"]

UNWRITTEN: Final = "not-written-yet"
"""The misconception of work that has not begun."""


class Finding(NamedTuple):
    """Checks of a task that failed for one reason, and what waits for them."""

    task: TaskReport
    checks: tuple[CheckReport, ...]
    """Those that show most come first; never empty."""
    waiting: tuple[CheckReport, ...] = ()
    """Failed checks that need one of these, of any task."""

    @property
    def check(self) -> CheckReport:
        """The check that speaks for all of them."""
        return self.checks[0]

    @property
    def is_unwritten(self) -> bool:
        """Whether it is not a mistake: the work has not begun."""
        return self.check.misconception == UNWRITTEN

    @property
    def points(self) -> float:
        """The points that are missing because of it."""
        return math.fsum(check.max_score for check in (*self.checks, *self.waiting))


class Reading(NamedTuple):
    """What there is to read of a report; at most one of `problem` and `first` is there."""

    problem: Problem | None
    """The part of the file to mend first, where one could not be run."""
    first: Finding | None
    """The finding to look at first."""
    later_problems: tuple[Problem, ...]
    """Other parts of the file that could not be run."""
    later: tuple[Finding, ...]
    """The other findings, in the order of the exercise."""


def read_in_order(report: Report) -> Reading:
    """Decide what is to be looked at first."""
    findings = list(_findings(report))
    problem = next((one for one in report.problems if _is_urgent(one, report)), None)
    later_problems = tuple(one for one in report.problems if one is not problem)
    if problem is not None:
        later = [one for one in findings if not _is_explained(one, report)]
        return Reading(problem, None, later_problems, tuple(later))
    first = min(findings, key=_rank, default=None)
    return Reading(None, first, later_problems, tuple(one for one in findings if one is not first))


def is_untouched(report: Report) -> bool:
    """Say whether nothing was written yet, rather than anything wrong."""
    checks = [check for task in report.tasks for check in task.checks]
    missed = [check for check in checks if check.outcome != "passed"]
    written = [check for check in missed if check.misconception != UNWRITTEN]
    return bool(missed) and len(missed) == len(checks) and not written


def is_left_out(task: TaskReport) -> bool:
    """Say whether nothing of a task was run, as where a script has nothing for it."""
    return all(check.outcome == "not_run" for check in task.checks)


def _is_urgent(problem: Problem, report: Report) -> bool:
    return bool(problem.names) or report.status == "not_runnable"


def _is_explained(finding: Finding, report: Report) -> bool:
    """Say whether a finding only repeats a problem of the file."""
    lines = [_line(problem.where) for problem in report.problems if problem.where is not None]
    is_lost = finding.check.outcome != "failed" and _line(finding.check.where) in lines
    return report.status == "not_runnable" or is_lost


def _rank(finding: Finding) -> tuple[bool, bool, float, bool]:
    """Give what decides between findings; of equal ones the first in the exercise is taken."""
    check = finding.check
    # Work that has not begun is begun at its beginning, whatever waits for it.
    waiting = () if finding.is_unwritten else finding.waiting
    unlocked = math.fsum(each.max_score for each in waiting)
    was_run = check.outcome != "not_run"
    return not was_run, finding.is_unwritten, -unlocked, check.visibility != "visible"


def _findings(report: Report) -> Iterator[Finding]:
    missed = [check for task in report.tasks for check in task.checks if check.outcome != "passed"]
    for task in report.tasks:
        if report.present is not None and is_left_out(task):
            continue
        groups: dict[object, list[CheckReport]] = {}
        for check in task.checks:
            if check.outcome != "passed" and not check.blocked_by:
                groups.setdefault(_reason(check), []).append(check)
        for group in groups.values():
            # The sort is stable: what may be read in full speaks for the others.
            group.sort(key=lambda check: check.visibility != "visible")
            yield Finding(task, tuple(group), tuple(_waiting(group, missed)))


def _waiting(group: Sequence[CheckReport], missed: Iterable[CheckReport]) -> Iterator[CheckReport]:
    """Give the checks that wait for a group; one that waits for several is told once."""
    ids = {check.id for check in group}
    return (check for check in missed if check.blocked_by[:1] and check.blocked_by[0] in ids)


def _line(where: Where | None) -> tuple[str, int | None, int] | None:
    """Name a line: what is marked on it is not told of hidden checks."""
    return None if where is None else (where.file, where.cell, where.line)


def _reason(check: CheckReport) -> object:
    """Give what makes two checks share an explanation."""
    if check.misconception == UNWRITTEN and check.where is not None:
        return check.where
    if check.outcome != "failed" and check.where is not None:
        # One line that raises is one reason, however much of its words may be shown.
        return check.outcome, _line(check.where)
    return check.outcome, check.message, check.where, check.hint
