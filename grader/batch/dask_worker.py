"""What a batch puts on the workers of a Dask cluster: a plugin that grades there.

A plugin belongs to one batch, since several may use a cluster at a time.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from distributed import WorkerPlugin, get_worker

from grader.batch.kept_slots import KeptSlots
from grader.batch.keys import Versions, digest_of_exercise, versions_here
from grader.batch.task import decode_task, encode
from grader.course.catalog import Course, find_course, load_exercise
from grader.course.models import Exercise
from grader.errors import GraderError, UsageError
from grader.language import Text

_IDLE_SECONDS: Final = 60.0


class GraderPlugin(WorkerPlugin):
    """What a Dask worker keeps between the tasks of a batch: a nursery, and its examiners."""

    def __init__(self, name: str, course: str, names: Sequence[str]) -> None:
        """Note what there is to grade.

        Args:
            name: The plugin's name, which no other batch uses.
            course: Where the course lies for whoever started the batch; a machine that has none
                there looks for its own.
            names: The exercises.
        """
        self.name = name
        self._course = course
        self._names = tuple(names)
        self._versions = tuple(versions_here())

    def setup(self, worker: object) -> None:  # noqa: ARG002 - Dask's own signature
        """Prepare; nothing is read or started before the first task."""
        self._lock = threading.Lock()
        self._digests: dict[str, str] = {}
        self._slots: KeptSlots | None = None

    async def teardown(self, worker: object) -> None:  # noqa: ARG002 - Dask's own signature
        """End nursery and examiners, while the worker goes on to answer its scheduler."""
        if self._slots is not None:
            await asyncio.to_thread(self._slots.close)

    def grade(self, data: bytes) -> bytes:
        """Grade an encoded task.

        Raises:
            UsageError: This machine's programs or its course are others.
            GraderError: Nothing can be graded on this machine.
        """
        slots = self._prepared()
        task = decode_task(data)
        if self._digests[task.exercise] != task.exercise_digest:
            raise _other_course(task.exercise)
        with slots.slot() as slot:
            return encode(slot.grade(task))

    def _prepared(self) -> KeptSlots:
        with self._lock:
            if self._slots is None:
                if self._versions != tuple(versions_here()):
                    raise _other_versions(Versions(*self._versions))
                self._slots = KeptSlots(self._load(), _IDLE_SECONDS)
            return self._slots

    def _load(self) -> Mapping[str, Exercise]:
        course = _course_at(Path(self._course))
        exercises = [load_exercise(course, name) for name in self._names]
        self._digests = {one.id: digest_of_exercise(course, one) for one in exercises}
        return {one.id: one for one in exercises}


def grade_here(name: str, data: bytes) -> bytes:
    """Grade an encoded task on the Dask worker that runs this.

    Args:
        name: The plugin of the task's batch.
        data: The task.

    Raises:
        GraderError: Nothing can be graded on this machine, which is named.
    """
    worker: Any = get_worker()
    plugin: GraderPlugin = worker.plugins[name]
    try:
        return plugin.grade(data)
    except GraderError as error:
        raise _from_here(error) from error


def _from_here(error: GraderError) -> GraderError:
    host, message = socket.gethostname(), error.message
    return type(error)(
        Text(en=f"{host}: {message.en}", zh=f"{host}：{message.zh}"), hint=error.hint
    )


def _course_at(root: Path) -> Course:
    course = Course(root)
    return course if course.exercises.is_dir() else find_course()


def _other_course(exercise: str) -> UsageError:
    return UsageError(
        Text(
            en=f"this machine has another version of {exercise} than the one that started the "
            "batch",
            zh=f"这台机器上的 {exercise} 与启动批量评分的机器上的版本不同",
        ),
        hint=Text(
            en="Bring the course to the same commit on all machines, or name it there with "
            "GRADE_COURSE.",
            zh="请让所有机器上的课程处于同一提交，或在那里用 GRADE_COURSE 指定课程。",
        ),
    )


def _other_versions(wanted: Versions) -> UsageError:
    here, there = (
        ", ".join(f"{name} {version}" for name, version in each._asdict().items())
        for each in (versions_here(), wanted)
    )
    return UsageError(
        Text(
            en=f"this machine has {here}; the one that started the batch has {there}",
            zh=f"这台机器上是 {here}；启动批量评分的机器上是 {there}",
        ),
        hint=Text(
            en="Install the same versions on all machines, and start the Dask workers anew.",
            zh="请在所有机器上安装相同的版本，并重新启动 Dask worker。",
        ),
    )
