"""What a class has reached: spread of scores, the hardest checks, and what went wrong."""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, Literal

import msgspec

from grader.batch.reports import Entry, UnreadableReport
from grader.errors import ReportUnreadableError
from grader.language import Text
from grader.report.grades import CheckGrade, Grades, TaskGrade, Titles

__all__ = [
    "ExerciseSummary",
    "Fault",
    "HardCheck",
    "NotGraded",
    "NotRunnable",
    "Summary",
    "Tally",
]

_BINS: Final = 10
_HARDEST: Final = 10
_MAX_ALIKE: Final = 2_000
_ReadTitles = Callable[[], Titles] | None


class Fault(msgspec.Struct, frozen=True):
    """A submission that has no score because of us."""

    student: str
    exercise: str
    fault_of: Literal["course", "grader"] | None
    """Whether the exercise or this program is at fault."""
    message: Text
    """What went wrong."""


class NotRunnable(msgspec.Struct, frozen=True):
    """A submission of which nothing could be run; it scores 0."""

    student: str
    exercise: str


class NotGraded(msgspec.Struct, frozen=True):
    """Something that was handed in, or may have been, and could not be graded."""

    student: str
    exercise: str


class ExerciseSummary(msgspec.Struct, frozen=True):
    """What a class has reached in one exercise.

    The figures are over what has a score: `not_runnable` counts as 0, faults of ours and what was
    not handed in do not count.
    """

    exercise: str
    """The exercise's id."""
    title: Text | None
    """Its title; None where no report says it."""
    max_score: float | None
    """Points that it can give; None where no report says it."""
    handed_in: int
    """How many students there is a report on, or a file in the place of one."""
    missing: int
    """How many of the students have handed in nothing for it."""
    not_graded: int
    """How many have handed in something for it that could not be graded."""
    late: int
    """How many of what was handed in came late."""
    scored: int
    """How many have a score."""
    mean: float | None
    """Mean of the scores, rounded to hundredths; None, as below, where there is no score."""
    lower_quartile: float | None
    """A quarter of the scores are not above it; between two scores, in proportion."""
    median: float | None
    upper_quartile: float | None
    histogram: tuple[int, ...]
    """Number of scores in each tenth of the points; full marks are in the last."""


class HardCheck(msgspec.Struct, frozen=True):
    """A check that many did not pass, among submissions that could be run."""

    exercise: str
    task: str
    check: str
    """Its id."""
    title: Text
    """What is checked."""
    passed: int
    """How many passed it."""
    count: int
    """How many were checked."""
    misconception: str | None
    """The id of the known mistake that most of the others made; None where none was recognised."""
    misconception_count: int
    """How many made it."""

    @property
    def pass_rate(self) -> float:
        """The share that passed, from 0 to 1."""
        return self.passed / self.count


class Summary(msgspec.Struct, frozen=True):
    """What a class has reached, and what could not be used."""

    students: int
    """Everyone with a row in the gradebook."""
    without_submission: tuple[str, ...]
    """Who of them handed in nothing at all."""
    reports: int
    """How many could be read."""
    faults: tuple[Fault, ...]
    """Submissions that have to be graded again."""
    unreadable: tuple[UnreadableReport, ...]
    """Files among the reports that are none."""
    not_runnable: tuple[NotRunnable, ...]
    """Submissions of which nothing could be run."""
    not_graded: tuple[NotGraded, ...]
    """What the batch found but could not grade; it said why."""
    exercises: tuple[ExerciseSummary, ...]
    """In the order of the gradebook's columns."""
    hardest: tuple[HardCheck, ...]
    """The checks that the smallest share passed, at most ten, the hardest first."""


class _Alike:
    """Counts submissions with the same grades."""

    __slots__ = ("times", "titles")

    def __init__(self, titles: _ReadTitles) -> None:
        self.times = 0
        self.titles = titles


class _CheckTally:
    """Counts how one check ended."""

    def __init__(self, titles: _ReadTitles) -> None:
        self.titles = titles
        self.count = 0
        self.passed = 0
        self.misconceptions: Counter[str] = Counter()

    def add(self, check: CheckGrade, times: int) -> None:
        self.count += times
        self.passed += times * (check.outcome == "passed")
        if check.misconception is not None:
            self.misconceptions[check.misconception] += times


class _ExerciseTally:
    """Counts what became of one exercise."""

    def __init__(self) -> None:
        self._titles: _ReadTitles = None
        self.max_score: float | None = None
        # Of those of whom something could not be graded, how many have a report all the same.
        self._earlier = 0
        self.handed_in = 0
        self.not_graded: set[str] = set()
        self.late = 0
        # Scores are rounded to hundredths, so that few of them differ however large the class.
        self.scores: Counter[float] = Counter()
        self.histogram = [0] * _BINS

    def add(self, entry: Entry) -> None:
        self.handed_in += 1
        self._earlier += entry.student in self.not_graded
        self.late += entry.late
        if entry.report is None:
            return
        self._titles = self._titles or entry.titles
        if entry.report.score is not None and entry.report.max_score is not None:
            self._add_score(entry.report.score, entry.report.max_score)

    def _add_score(self, score: float, max_score: float) -> None:
        self.max_score = max(self.max_score or 0.0, max_score)
        self.scores[score] += 1
        tenth = int(_BINS * score / max_score) if max_score else 0
        self.histogram[min(max(tenth, 0), _BINS - 1)] += 1

    def summary(self, exercise: str, students: int) -> ExerciseSummary:
        scores = sorted(self.scores.elements())
        mean = round(math.fsum(scores) / len(scores), 2) if scores else None
        return ExerciseSummary(
            exercise=exercise,
            title=_title_of(self._titles),
            max_score=self.max_score,
            handed_in=self.handed_in,
            missing=students - self.handed_in - len(self.not_graded) + self._earlier,
            not_graded=len(self.not_graded),
            late=self.late,
            scored=len(scores),
            mean=mean,
            lower_quartile=_quantile(scores, 0.25),
            median=_quantile(scores, 0.5),
            upper_quartile=_quantile(scores, 0.75),
            histogram=tuple(self.histogram),
        )


class Tally:
    """Adds up reports as they pass by, without keeping them."""

    def __init__(
        self, exercises: Sequence[str], not_graded: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Begin with nothing.

        Args:
            exercises: The columns of the gradebook.
            not_graded: Student and exercise of what could not be graded.
        """
        self._exercises = {exercise: _ExerciseTally() for exercise in exercises}
        self._not_graded = tuple(
            NotGraded(student, exercise)
            for student, exercise in not_graded
            if exercise in self._exercises
        )
        for one in self._not_graded:
            self._exercises[one.exercise].not_graded.add(one.student)
        self._checks: dict[tuple[str, str, str], _CheckTally] = {}
        # Most of a class have all right, or share a mistake: they are counted together.
        self._alike: dict[tuple[str, tuple[TaskGrade, ...]], _Alike] = {}
        self._students = 0
        self._reports = 0
        self._without: list[str] = []
        self._faults: list[Fault] = []
        self._unreadable: list[UnreadableReport] = []
        self._not_runnable: list[NotRunnable] = []

    def add_student(self, student: str, *, has_submission: bool) -> None:
        """Add a student, apart from what they handed in."""
        self._students += 1
        if not has_submission:
            self._without.append(student)

    def add(self, entry: Entry) -> None:
        """Add what there is of one student and exercise."""
        if entry.exercise in self._exercises:
            self._exercises[entry.exercise].add(entry)
        if entry.problem is not None:
            self._unreadable.append(entry.problem)
        if entry.report is not None:
            self._reports += 1
            self._add_report(entry.student, entry.report, entry.titles)

    def _add_report(self, student: str, report: Grades, titles: _ReadTitles) -> None:
        if report.status == "grader_fault":
            message = report.fault or Text("no reason given", "未说明原因")
            self._faults.append(Fault(student, report.exercise, report.fault_of, message))
        elif report.status == "not_runnable":
            self._not_runnable.append(NotRunnable(student, report.exercise))
        else:
            key = report.exercise, report.tasks
            alike = self._alike.get(key)
            if alike is None:
                alike = self._alike[key] = _Alike(titles)
            alike.times += 1
            if len(self._alike) >= _MAX_ALIKE:
                self._add_checks()

    def _add_checks(self) -> None:
        for (exercise, tasks), alike in self._alike.items():
            for task in tasks:
                for check in task.checks:
                    key = (exercise, task.id, check.id)
                    if key not in self._checks:
                        self._checks[key] = _CheckTally(alike.titles)
                    self._checks[key].add(check, alike.times)
        self._alike.clear()

    def summary(self) -> Summary:
        """Give what has been added up so far."""
        self._add_checks()
        return Summary(
            students=self._students,
            without_submission=tuple(self._without),
            reports=self._reports,
            faults=tuple(self._faults),
            unreadable=tuple(self._unreadable),
            not_runnable=tuple(self._not_runnable),
            not_graded=self._not_graded,
            exercises=tuple(
                tally.summary(exercise, self._students)
                for exercise, tally in self._exercises.items()
            ),
            hardest=self._hardest(),
        )

    def _hardest(self) -> tuple[HardCheck, ...]:
        checks = [
            (tally.passed / tally.count, -tally.count, names)
            for names, tally in self._checks.items()
            if tally.passed < tally.count
        ]
        # Of two that as large a share missed, that which more did; then in a stable order.
        hardest = heapq.nsmallest(_HARDEST, checks)
        return tuple(_hard_check(names, self._checks[names]) for *_, names in hardest)


def _hard_check(names: tuple[str, str, str], tally: _CheckTally) -> HardCheck:
    # Of two as frequent the first by name, whichever was seen first.
    frequent = sorted(tally.misconceptions.items(), key=lambda item: (-item[1], item[0]))
    name, count = next(itertools.chain(frequent, [(None, 0)]))
    title = _title_of(tally.titles, names[1:]) or Text(names[-1], names[-1])
    return HardCheck(*names, title, tally.passed, tally.count, name, count)


def _title_of(read: _ReadTitles, check: tuple[str, ...] = ()) -> Text | None:
    """Give the title of a check, by task and id, or of the exercise; None if no report says it."""
    try:
        titles = None if read is None else read()
    except ReportUnreadableError:
        return None
    if titles is None:
        return None
    if not check:
        return titles.title
    found = (one for task in titles.tasks for one in task.checks if (task.id, one.id) == check)
    return next((one.title for one in found), None)


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """Give a quantile as numpy does by default: linear between the two scores around it."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return round(ordered[below] + (place - below) * (ordered[above] - ordered[below]), 2)
