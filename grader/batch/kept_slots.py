"""Slots that wait for tasks: a nursery, and an examiner for each task that is graded at a time.

Nobody says for certain that no task will come any more, since the command that sends them may be
killed. So they end by themselves after a while without work, and start anew when it comes.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping

from grader.batch.engine import preload_of
from grader.batch.slot import Slot
from grader.course.models import Exercise
from grader.errors import WorkerUnavailableError
from grader.language import Text
from grader.session.client import ExaminerClient, ExaminerPool


class KeptSlots:
    """Gives a slot for each task, and keeps it for the next one; for use by several threads."""

    def __init__(self, exercises: Mapping[str, Exercise], idle_seconds: float) -> None:
        """Start nothing yet.

        Args:
            exercises: What there is to grade, by id.
            idle_seconds: How long all of it is kept without work.
        """
        self._exercises = exercises
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._pool: ExaminerPool | None = None
        self._free: list[Slot] = []
        self._busy = 0
        self._timer: threading.Timer | None = None
        self._closed = False

    @contextlib.contextmanager
    def slot(self) -> Iterator[Slot]:
        """Give a slot that nobody else has."""
        slot = self._take()
        try:
            yield slot
        finally:
            self._give_back(slot)

    def close(self) -> None:
        """End nursery and examiners, also of what is being graded; none is started any more."""
        with self._lock:
            self._closed = True
            self._end()

    def _take(self) -> Slot:
        with self._lock:
            self._busy += 1
            if self._timer is not None:
                self._timer.cancel()
            if self._free:
                return self._free.pop()
        return Slot(self._examiner, self._exercises.__getitem__)

    def _give_back(self, slot: Slot) -> None:
        with self._lock:
            self._busy -= 1
            self._free.append(slot)
            if self._closed:
                self._end()
            elif not self._busy:
                self._timer = threading.Timer(self._idle_seconds, self._end_if_idle)
                self._timer.daemon = True
                self._timer.start()

    def _examiner(self) -> ExaminerClient:
        with self._lock:
            if self._closed:
                raise WorkerUnavailableError(Text(en="grading was stopped", zh="评分已停止"))
            if self._pool is None:
                self._pool = ExaminerPool(preload_of(list(self._exercises.values())))
            return self._pool.examiner()

    def _end_if_idle(self) -> None:
        with self._lock:
            if not self._busy:
                self._end()

    def _end(self) -> None:
        for slot in self._free:
            slot.close()
        self._free.clear()
        if self._pool is not None:
            self._pool.close()
            self._pool = None
