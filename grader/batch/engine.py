"""Where the work of a batch is done: here, on this machine's cores.

Every engine is an executor of `concurrent.futures` and a function that it can be given; the batch
knows no more of it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Final, NamedTuple

from grader.batch.slot import Slot
from grader.batch.task import decode_task, encode
from grader.course.models import Exercise
from grader.language import Text
from grader.session.client import ExaminerPool

HOW_TO_GO_ON: Final = Text(
    en="What is finished is kept; the same command goes on from there.",
    zh="已完成的部分都已保存；再次运行同一命令会从那里继续。",
)


class Engine(NamedTuple):
    """Something that grades several tasks at a time."""

    executor: Executor
    grade: Callable[[bytes], bytes]
    """Takes an encoded task, gives an encoded result; see `grader.batch.task`."""
    slots: Callable[[], int]
    """Says how many tasks are graded at the same time, which may change.

    Raises:
        WorkerUnavailableError: None, and none is to be expected.
    """


def preload_of(exercises: Sequence[Exercise]) -> tuple[str, ...]:
    """Give the modules that a nursery imports for these exercises."""
    return tuple(dict.fromkeys(name for exercise in exercises for name in exercise.preload))


@contextlib.contextmanager
def local_engine(exercises: Mapping[str, Exercise], jobs: int) -> Iterator[Engine]:
    """Grade on this machine: one nursery, and a slot with an examiner for each job.

    A thread of this process holds each slot; it mostly waits, since all work is done by examiner
    and workers.

    Args:
        exercises: The exercises by id.
        jobs: How many slots.

    Raises:
        ManifestError: A module that an exercise names cannot be imported.
        WorkerUnavailableError: No process can be had.
    """
    held = threading.local()
    slots: list[Slot] = []
    with ExaminerPool(preload_of(list(exercises.values()))) as pool:

        def grade(task: bytes) -> bytes:
            slot: Slot | None = getattr(held, "slot", None)
            if slot is None:
                slot = Slot(pool.examiner, exercises.__getitem__, is_alone=jobs == 1)
                held.slot = slot
                slots.append(slot)
            return encode(slot.grade(decode_task(task)))

        executor = ThreadPoolExecutor(jobs, thread_name_prefix="slot")
        try:
            yield Engine(executor, grade, lambda: jobs)
        finally:
            # What is being graded ends with its examiner; nobody waits for it.
            pool.close()
            executor.shutdown(cancel_futures=True)
            for slot in slots:
                slot.close()
