"""Checks exercises, one after the other; a broken one never stops the check of the others."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

import msgspec

from grader.course.catalog import Course, list_exercises, load_unpinned
from grader.course.lock import read_lock
from grader.course.manifest import MANIFEST_NAME
from grader.course.models import Check, Exercise
from grader.course.stub import stub_of
from grader.errors import GraderError
from grader.language import Text
from grader.report.model import Report
from grader.session import jobs
from grader.session.client import ExaminerClient
from grader.soundness import files, graded, texts
from grader.soundness.equivalents import EQUIVALENTS_NAME
from grader.soundness.examiners import Attempt, Examiners, script
from grader.soundness.faults import Fault, Result, fault_of_error
from grader.soundness.mistakes import Mistake
from grader.soundness.mutation import MutationRun, grade_mutants
from grader.soundness.readmes import ExampleRun, readme_faults
from grader.soundness.student_view import student_view_faults, what_students_have
from grader.soundness.subject import Subject

__all__ = ["Progress", "check_exercise", "collect_with", "course_faults", "load_pinned"]

Progress = Callable[[str, int, int], None]
"""Is told the stage, how much of it is done, and how much there is."""
_REPEATED: Final = 1
"""How many wrong answers are graded twice, beside the solution."""


class _Start(Protocol):
    """Gives examiners that preload some modules."""

    def __call__(self, preload: tuple[str, ...]) -> Examiners:
        """Start them, or give those that run."""
        ...


def course_faults(course: Course) -> Iterator[Fault]:
    """Find folders that belong to no exercise."""
    known = set(list_exercises(course))
    for parent in (course.exercises, course.solutions, course.suites):
        for folder in sorted(parent.iterdir()) if parent.is_dir() else ():
            if folder.is_dir() and folder.name not in known and not folder.name.startswith("__"):
                yield Fault(
                    "stray-file",
                    Text(
                        en=f"no exercise of this name has an {MANIFEST_NAME}",
                        zh=f"没有同名的练习含有 {MANIFEST_NAME}",
                    ),
                    Text(en="Write its manifest, or remove the folder.", zh="请编写清单或删除它。"),
                    folder,
                )


def check_exercise(
    course: Course,
    name: str,
    start: _Start,
    *,
    mutate: bool = False,
    progress: Progress = lambda _stage, _done, _all: None,
) -> Result:
    """Hold one exercise against all rules; whatever stops its check becomes a fault of it.

    Args:
        course: Where it belongs.
        name: Its full name.
        start: Where examiners come from.
        mutate: Whether mutants of the solution are graded too.
        progress: Is told how far it is.
    """
    started = time.monotonic()
    run = _Run(progress)
    try:
        mutation = run.check(course, name, start, mutate=mutate)
    except GraderError as error:
        mutation = None
        run.faults.append(fault_of_error(error, "grading", course.exercises / name))
    return Result(
        exercise=name,
        faults=tuple(dict.fromkeys(run.faults)),
        gradings=run.gradings,
        duration_s=round(time.monotonic() - started, 1),
        mutants=mutation.graded if mutation else None,
        survivors=mutation.survivors if mutation else (),
        justified=mutation.justified if mutation else (),
    )


class _Run:
    """The check of one exercise: what it found so far."""

    def __init__(self, progress: Progress) -> None:
        self.faults: list[Fault] = []
        self.gradings = 0
        self._progress = progress

    def check(
        self, course: Course, name: str, start: _Start, *, mutate: bool
    ) -> MutationRun | None:
        """Check all there is, first things first."""
        self._progress("files", 0, 0)
        exercise = self._load(course, name)
        if exercise is None:
            return None
        subject = Subject(course, exercise)
        mistakes = self._check_files(subject)
        if not exercise.checks or not exercise.solution.is_file():
            return None
        with contextlib.closing(ExampleRun(subject)) as examples:
            examiners = start(exercise.preload)
            collected = collect_with(examiners.first, exercise)
            lock_faults = list(texts.lock_faults(subject, collected))
            self.faults += lock_faults
            if not lock_faults:
                self._grade(subject, examiners, mistakes)
            self.faults += examples.faults()
        if lock_faults or not mutate:
            return None
        return self._mutate(subject, examiners)

    def _load(self, course: Course, name: str) -> Exercise | None:
        manifest = course.exercises / name / MANIFEST_NAME
        try:
            exercise = load_unpinned(course, name)
        except GraderError as error:
            self.faults.append(fault_of_error(error, "manifest", manifest))
            return None
        try:
            return load_pinned(exercise)
        except GraderError as error:
            # That there is none at all is for the rule on missing files to say.
            if (exercise.suite / "checks.lock.json").exists():
                self.faults.append(
                    fault_of_error(error, "lock", exercise.suite, cure=f"grade lock {exercise.id}")
                )
            return exercise

    def _check_files(self, subject: Subject) -> list[Mistake]:
        self.faults += files.unwritten_faults(subject)
        self.faults += files.stray_faults(subject)
        if subject.exercise.solution.is_file():
            self.faults += files.handout_faults(subject)
        self.faults += texts.hint_faults(subject)
        self.faults += texts.language_faults(subject)
        mistakes = texts.read_mistakes(subject, self.faults)
        self.faults += texts.coverage_faults(subject, mistakes)
        if subject.exercise.checks:
            self.faults += texts.check_faults(subject)
        self.faults += readme_faults(subject)
        return mistakes

    def _grade(self, subject: Subject, examiners: Examiners, mistakes: list[Mistake]) -> None:
        exercise, solution = subject.exercise, subject.exercise.solution
        stub = script(stub_of(exercise), solution)
        attempts = [
            *(Attempt.at_file(exercise, solution, seed) for seed in graded.SEEDS),
            Attempt.at_file(graded.with_quarter_limits(exercise), solution, graded.SEEDS[0]),
            Attempt(exercise, stub, graded.SEEDS[0]),
        ]
        twice = mistakes[:_REPEATED]
        attempts += [
            Attempt.at_file(exercise, mistake.file, graded.SEEDS[0])
            for mistake in (*mistakes, *twice)
        ]
        reports = list(self._reports(examiners, attempts))
        count = len(graded.SEEDS)
        self._judge_solution(subject, reports[: count + 1])
        self.faults += graded.stub_faults(subject, reports[count + 1])
        wrong = reports[count + 2 :]
        self._judge_wrong(subject, mistakes, wrong[: len(mistakes)])
        for first, second in zip(wrong, wrong[len(mistakes) :], strict=False):
            self.faults += graded.repeat_faults(subject, first, second)

    def _reports(self, examiners: Examiners, attempts: Sequence[Attempt]) -> Iterator[Report]:
        self.gradings += len(attempts)
        for done, report in enumerate(examiners.grade(attempts), 1):
            self._progress("graded", done, len(attempts))
            yield report

    def _judge_solution(self, subject: Subject, reports: Sequence[Report]) -> None:
        *seeded, hurried = reports
        before = len(self.faults)
        for report in seeded:
            self.faults += graded.solution_faults(subject, report)
        if len(self.faults) > before:
            return
        limits = list(graded.limit_faults(subject, hurried))
        self.faults += limits
        if not limits:
            self.faults += graded.repeat_faults(subject, seeded[0], hurried)

    def _judge_wrong(
        self, subject: Subject, mistakes: Sequence[Mistake], reports: Sequence[Report]
    ) -> None:
        known = what_students_have(subject)
        for mistake, report in zip(mistakes, reports, strict=True):
            self.faults += graded.wrong_answer_faults(mistake, report)
            self.faults += graded.hint_faults(subject, mistake, report)
            view = report.for_student()
            self.faults += student_view_faults(subject, known, mistake.file, view)

    def _mutate(self, subject: Subject, examiners: Examiners) -> MutationRun | None:
        try:
            run = grade_mutants(subject, examiners, self._progress)
        except GraderError as error:
            path = subject.exercise.solution.with_name(EQUIVALENTS_NAME)
            self.faults.append(fault_of_error(error, "mutants", path))
            return None
        self.gradings += run.gradings
        self.faults += run.faults
        return run


def load_pinned(exercise: Exercise) -> Exercise:
    """Give an exercise its pinned checks.

    Raises:
        ManifestError: There is no list of them, or it breaks a rule.
    """
    return msgspec.structs.replace(
        exercise, checks=read_lock(exercise.suite, exercise.tasks).checks
    )


def collect_with(examiner: ExaminerClient, exercise: Exercise) -> tuple[Check, ...]:
    """List the checks that a suite declares.

    Raises:
        SuiteError: The suite cannot be collected.
    """
    answer = examiner.ask(jobs.Collect(exercise))
    return answer.checks if isinstance(answer, jobs.Collected) else ()
