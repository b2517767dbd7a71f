"""One slot of a batch: an examiner that takes task after task, and is replaced when it is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from grader.batch.task import Result, Task, result_of
from grader.course.models import Exercise
from grader.errors import (
    CourseError,
    GraderError,
    SandboxError,
    UsageError,
    WorkerUnavailableError,
)
from grader.pipeline import GradeRequest, grade_with
from grader.report.build import build_report
from grader.report.examination import Examination
from grader.report.model import Report
from grader.session.client import ExaminerClient

_ATTEMPTS = 2


class Slot:
    """Grades one task at a time."""

    def __init__(
        self,
        start: Callable[[], ExaminerClient],
        find_exercise: Callable[[str], Exercise],
        *,
        is_alone: bool = False,
    ) -> None:
        """Take the sources of examiners and exercises; nothing is started yet.

        Args:
            start: Starts an examiner.
            find_exercise: Gives an exercise by its id.
            is_alone: Whether the batch has no other slot.
        """
        self._is_alone = is_alone
        self._start = start
        self._find_exercise = find_exercise
        self._examiner: ExaminerClient | None = None

    def grade(self, task: Task) -> Result:
        """Grade a submission; whatever is wrong with it, or with its examiner, is in the result.

        Raises:
            UsageError: Nothing can be graded with these options.
            SandboxError: Nothing can be locked in as tightly as was asked for.
        """
        exercise = self._find_exercise(task.exercise)
        return result_of(self._report(task, exercise), task.student, task.key)

    def _report(self, task: Task, exercise: Exercise) -> Report:
        request = GradeRequest(
            exercise=exercise,
            file=Path(task.submission.path),
            seed=task.seed,
            device=task.device,
            sandbox=task.sandbox,
            is_alone=self._is_alone,
        )
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return grade_with(self._current(), request, task.submission)
            except (UsageError, SandboxError):
                raise
            except WorkerUnavailableError as error:
                self.close()
                if attempt == _ATTEMPTS:
                    return fault_report(task, exercise, error)
            except GraderError as error:
                return fault_report(task, exercise, error)
        raise AssertionError

    def _current(self) -> ExaminerClient:
        if self._examiner is None:
            self._examiner = self._start()
        return self._examiner

    def close(self) -> None:
        """End the examiner; the next task gets another one."""
        if self._examiner is not None:
            self._examiner.close()
            self._examiner = None


def fault_report(task: Task, exercise: Exercise, error: GraderError) -> Report:
    """Make the report of a task that could not be done; it costs nobody points."""
    of_course = isinstance(error, CourseError)
    return build_report(
        exercise,
        task.submission,
        Examination(
            status="grader_fault",
            fault=error.message,
            fault_of="course" if of_course else "grader",
        ),
        seed=task.seed,
        sandbox=task.sandbox,
        started_at=datetime.now(UTC),
        duration_s=0.0,
    )
