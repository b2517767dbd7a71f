"""Grades in the background, with one examiner for all gradings."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from grader.course.models import Exercise
from grader.errors import GraderError, GraderFault, WorkerUnavailableError
from grader.language import Text
from grader.pipeline import GradeRequest, grade_with
from grader.report.model import Report
from grader.seed import draw_seed
from grader.session.client import ExaminerClient
from grader.submission import read_submission
from grader.submission.siblings import with_siblings
from grader.watch.events import Events, Graded

__all__ = ["BackgroundGrader", "KeptExaminer"]


StartExaminer = Callable[[Sequence[str]], AbstractContextManager[ExaminerClient]]
"""Starts an examiner with some modules; it ends with the block."""


class KeptExaminer:
    """An examiner that is kept from one grading to the next, and replaced when it is lost."""

    def __init__(self, start: StartExaminer) -> None:
        self._start = start
        self._running = contextlib.ExitStack()
        self._client: ExaminerClient | None = None
        self._preloaded: frozenset[str] = frozenset()
        self._is_settled = False
        self._has_ended = False

    def grade(self, exercise: Exercise, file: Path) -> Report:
        """Grade a file as it is now.

        Raises:
            GraderError: The file cannot be read, or something of ours broke, twice.
        """
        submission = with_siblings(read_submission(file), file.parent)
        request = GradeRequest(
            exercise=exercise, file=file, seed=draw_seed(), again=True, is_alone=True
        )
        try:
            return grade_with(self._examiner(exercise), request, submission)
        except WorkerUnavailableError:
            self.let_go()
            return grade_with(self._examiner(exercise), request, submission)

    def settle(self) -> None:
        """Spend a second, the first time, on what makes each further grading cheaper."""
        if self._client is not None and not self._is_settled:
            self._is_settled = True
            # The next grading finds out that it is gone.
            with contextlib.suppress(WorkerUnavailableError):
                self._client.settle()

    def end(self) -> None:
        """End the examiner for good, also in the middle of a grading."""
        self._has_ended = True
        self.let_go()

    def let_go(self) -> None:
        """End the examiner; the next grading starts another."""
        self._client = None
        self._running.close()

    def _examiner(self, exercise: Exercise) -> ExaminerClient:
        if self._has_ended:
            raise WorkerUnavailableError(Text(en="grading was stopped", zh="评分已停止"))
        if self._client is None or not self._preloaded.issuperset(exercise.preload):
            self.let_go()
            # What was preloaded for one exercise stays, so that going back and forth is quick.
            self._preloaded |= frozenset(exercise.preload)
            self._client = self._running.enter_context(self._start(sorted(self._preloaded)))
            self._is_settled = False
        return self._client


class _Job(NamedTuple):
    exercise: Exercise
    file: Path


class BackgroundGrader:
    """A thread that grades what it was asked for last."""

    def __init__(self, examiner: KeptExaminer, events: Events) -> None:
        self._examiner, self._events = examiner, events
        self._changed = threading.Condition()
        self._wanted: _Job | None = None
        threading.Thread(target=self._run, name="grading", daemon=True).start()

    def grade(self, exercise: Exercise, file: Path) -> None:
        """Grade a file, once what is being graded is done; of several requests the last counts."""
        with self._changed:
            self._wanted = _Job(exercise, file)
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted is not None)
                job, self._wanted = self._wanted, None
            if job is None:
                continue
            self._events.put(self._graded(job))
            self._examiner.settle()

    def _graded(self, job: _Job) -> Graded:
        try:
            return Graded(*job, report=self._examiner.grade(*job), error=None)
        except GraderError as error:
            return Graded(*job, report=None, error=error)
        except Exception as error:  # noqa: BLE001 - a border: the next save must still be graded
            self._examiner.let_go()
            return Graded(*job, report=None, error=_broken(error))


def _broken(error: Exception) -> GraderFault:
    detail = f"{type(error).__name__}: {error}"
    return GraderFault(
        Text(
            en=f"the grader broke; this says nothing about your code: {detail}",
            zh=f"评分程序自身出错，与你的代码无关：{detail}",
        ),
        hint=Text(
            en="Save once more; if it happens again, show your teacher these lines.",
            zh="请再保存一次；如果再次出现，请把这几行发给老师。",
        ),
    )
