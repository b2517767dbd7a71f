"""Warm examiners that grade side by side."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Final, NamedTuple, Self

from grader.cores import count_cores
from grader.course.models import Exercise
from grader.errors import GraderFault
from grader.pipeline import GradeRequest, grade_with
from grader.report.model import Report
from grader.session.client import ExaminerClient, start_examiner
from grader.submission import Submission, read_submission
from grader.worker.wire import CellSource

__all__ = ["Attempt", "Examiners", "ExaminersFor", "script"]

_MOST: Final = 4
"""Each examiner has a nursery of some hundred megabytes."""


class Attempt(NamedTuple):
    """One submission to be graded."""

    exercise: Exercise
    submission: Submission
    seed: int

    @classmethod
    def at_file(cls, exercise: Exercise, file: Path, seed: int) -> Attempt:
        """Take what stands in a file.

        Raises:
            SubmissionError: It cannot be read.
        """
        return cls(exercise, read_submission(file), seed)


def script(source: str, path: Path) -> Submission:
    """Make a submission of a text that stands in no file.

    Args:
        source: A script.
        path: What it is called in the report.
    """
    return Submission(
        id=path.stem,
        path=str(path),
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        kind="py",
        cells=(CellSource(None, source),),
        notes=(),
    )


class Examiners:
    """Some examiners, and what they grade."""

    def __init__(self, clients: Sequence[ExaminerClient]) -> None:
        """Take over running examiners; whoever started them ends them."""
        self.first = clients[0]
        self.broken = False
        """Whether one of them is gone or broke; the rest may be in no better state."""
        self._count = len(clients)
        self._idle: SimpleQueue[ExaminerClient] = SimpleQueue()
        for client in clients:
            self._idle.put(client)

    def grade(
        self, attempts: Iterable[Attempt], progress: Callable[[], None] = lambda: None
    ) -> Iterator[Report]:
        """Grade submissions side by side; the reports come in the order of the submissions.

        Raises:
            GraderFault: Something of ours broke; what has not begun is not graded.
        """
        pool = ThreadPoolExecutor(self._count)
        try:
            waiting = [pool.submit(self._grade_one, attempt) for attempt in attempts]
            for future in waiting:
                report = future.result()
                progress()
                yield report
        finally:
            pool.shutdown(cancel_futures=True)

    def _grade_one(self, attempt: Attempt) -> Report:
        client = self._idle.get()
        try:
            request = GradeRequest(
                exercise=attempt.exercise,
                file=Path(attempt.submission.path),
                seed=attempt.seed,
                device="cpu",
                suite_on_trial=True,
            )
            return grade_with(client, request, attempt.submission)
        except GraderFault:
            self.broken = True
            raise
        finally:
            self._idle.put(client)


class ExaminersFor:
    """Starts examiners that preload what an exercise names, and keeps them for the next one.

    An exercise that forgets to name a module is not helped by another that names it: examiners
    with other modules are ended first.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        self._preload: tuple[str, ...] | None = None
        self._running: Examiners | None = None
        self._stack = contextlib.ExitStack()

    def __call__(self, preload: tuple[str, ...]) -> Examiners:
        """Give examiners that have imported these modules.

        Raises:
            ManifestError: One of the modules cannot be imported.
            WorkerUnavailableError: No process could be had.
        """
        if self._running is None or self._running.broken or preload != self._preload:
            self.close()
            count = min(_MOST, count_cores())
            # Side by side: each imports torch.
            with ThreadPoolExecutor(count) as pool:
                started = list(pool.map(lambda _: _start(preload), range(count)))
            for stack, _ in started:
                self._stack.push(stack)
            self._running = Examiners([client for _, client in started])
            self._preload = preload
        return self._running

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End all of them."""
        self.close()

    def close(self) -> None:
        """End all of them."""
        self._running = None
        self._stack.close()


def _start(preload: tuple[str, ...]) -> tuple[contextlib.ExitStack, ExaminerClient]:
    stack = contextlib.ExitStack()
    return stack, stack.enter_context(start_examiner(preload))
