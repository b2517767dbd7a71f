"""Where the work of a batch is done: on the workers of a Dask cluster, on many machines.

Each Dask worker keeps a nursery, and an examiner for each of its threads, from its first task to
its end. Tasks and results travel as bytes. A task whose worker is lost runs again elsewhere: it
has no effect but its result, which is counted once, where the batch writes it.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, Final

from distributed import Client, LocalCluster, WorkerPlugin, get_worker

from grader.batch.engine import Engine, preload_of
from grader.batch.keys import digest_of_exercise
from grader.batch.slot import Slot
from grader.batch.task import Task, decode_task, encode
from grader.course.catalog import Course, find_course, load_exercise
from grader.course.models import Exercise
from grader.errors import UsageError
from grader.language import Text
from grader.session.client import ExaminerPool

PLUGIN_NAME: Final = "torchgrade"


class GraderPlugin(WorkerPlugin):
    """What a Dask worker keeps between tasks."""

    name = PLUGIN_NAME

    def __init__(self, course: str, names: Sequence[str]) -> None:
        """Note what there is to grade.

        Args:
            course: Where the course lies for whoever started the batch; a machine that has none
                there looks for its own.
            names: The exercises.
        """
        self._course = course
        self._names = tuple(names)

    def setup(self, worker: object) -> None:  # noqa: ARG002 - Dask's own signature
        """Prepare; nothing is started before the first task."""
        self._held = threading.local()
        self._lock = threading.Lock()
        self._pool: ExaminerPool | None = None
        self._slots: list[Slot] = []
        self._exercises: dict[str, tuple[Exercise, str]] = {}

    def teardown(self, worker: object) -> None:  # noqa: ARG002 - Dask's own signature
        """End nursery and examiners."""
        if self._pool is not None:
            self._pool.close()
        for slot in self._slots:
            slot.close()

    def grade(self, task: Task) -> bytes:
        """Grade in the slot of this thread.

        Raises:
            UsageError: This machine's course is another.
        """
        self._prepare(task)
        slot: Slot | None = getattr(self._held, "slot", None)
        if slot is None:
            slot = self._held.slot = Slot(
                self._started_pool().examiner, lambda name: self._exercises[name][0]
            )
            self._slots.append(slot)
        return encode(slot.grade(task))

    def _prepare(self, task: Task) -> None:
        with self._lock:
            if not self._exercises:
                course = _course_at(Path(self._course))
                for name in self._names:
                    exercise = load_exercise(course, name)
                    self._exercises[exercise.id] = exercise, digest_of_exercise(course, exercise)
        if self._exercises[task.exercise][1] != task.exercise_digest:
            raise _other_course(task.exercise)

    def _started_pool(self) -> ExaminerPool:
        with self._lock:
            if self._pool is None:
                exercises = [exercise for exercise, _digest in self._exercises.values()]
                self._pool = ExaminerPool(preload_of(exercises))
            return self._pool


def grade_here(data: bytes) -> bytes:
    """Grade an encoded task on the Dask worker that runs this."""
    worker: Any = get_worker()
    plugin: GraderPlugin = worker.plugins[PLUGIN_NAME]
    return plugin.grade(decode_task(data))


@contextlib.contextmanager
def dask_engine(
    course: Course,
    names: Sequence[str],
    *,
    scheduler: str | None,
    jobs: int,
    resources: dict[str, float] | None = None,
) -> Iterator[Engine]:
    """Grade on a Dask cluster.

    Args:
        course: The course.
        names: The exercises.
        scheduler: The scheduler's address, such as `tcp://host:8786`; None starts a cluster on
            this machine.
        jobs: How many workers a cluster of our own has.
        resources: What a worker must offer to be given a task, such as `{"GPU": 1}`.

    Raises:
        UsageError: The scheduler cannot be reached, or has no worker to offer.
    """
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(_client(stack, scheduler, jobs))
        client.register_plugin(GraderPlugin(str(course.root), names))
        slots = sum(client.nthreads().values())
        if not slots:
            raise _no_workers(scheduler)
        executor = client.get_executor(pure=False, **_resources(resources))
        stack.callback(executor.shutdown, wait=False)
        yield Engine(executor, grade_here, slots)


def _resources(resources: dict[str, float] | None) -> dict[str, Any]:
    return {"resources": resources} if resources else {}


def _client(stack: contextlib.ExitStack, scheduler: str | None, jobs: int) -> Client:
    if scheduler is None:
        return Client(_local_cluster(stack, jobs))
    try:
        return Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        raise UsageError(
            Text(
                en=f"no Dask scheduler answers at {scheduler}: {error}",
                zh=f"{scheduler} 上没有 Dask 调度器应答：{error}",
            ),
            hint=Text(
                en="Check the address that `dask scheduler` printed, and the firewall.",
                zh="请检查 `dask scheduler` 打印的地址以及防火墙。",
            ),
        ) from error


def _local_cluster(stack: contextlib.ExitStack, jobs: int) -> LocalCluster:
    # A cluster puts back, when it is closed, the level that it found.
    logging.getLogger("distributed").setLevel(logging.WARNING)
    with _interrupts_held_back():
        cluster = LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            dashboard_address=None,
            # The work is done in processes that a Dask worker starts; its own memory stays small.
            memory_limit=0,
        )
        stack.enter_context(cluster)
        stack.push(functools.partial(_leave_at_once, cluster))
    return cluster


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Keep Ctrl-C for later, and from the threads and processes that are started meanwhile.

    They stand in the terminal's foreground, too, and would tell of it in many lines.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # It is started with the first process, and would let interrupts through from then on.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_at_once(cluster: LocalCluster, kind: type[BaseException] | None, *_: object) -> None:
    """Leave what is being graded when a batch is broken off; Dask would wait for it."""
    if kind is None:
        return
    for nanny in cluster.workers.values():
        if nanny.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(nanny.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)


def _course_at(root: Path) -> Course:
    course = Course(root)
    return course if course.exercises.is_dir() else find_course()


def _other_course(exercise: str) -> UsageError:
    host = socket.gethostname()
    return UsageError(
        Text(
            en=f"{host} has another version of {exercise} than the machine that started the batch",
            zh=f"{host} 上的 {exercise} 与启动批量评分的机器上的版本不同",
        ),
        hint=Text(
            en="Bring the course to the same commit on all machines, or name it there with "
            "GRADE_COURSE.",
            zh="请让所有机器上的课程处于同一提交，或在那里用 GRADE_COURSE 指定课程。",
        ),
    )


def _no_workers(scheduler: str | None) -> UsageError:
    return UsageError(
        Text(
            en=f"the Dask scheduler {scheduler or ''} has no workers",
            zh=f"Dask 调度器 {scheduler or ''} 没有可用的 worker",
        ),
        hint=Text(en="Start some: `dask worker tcp://…`.", zh="请先启动：`dask worker tcp://…`。"),
    )
