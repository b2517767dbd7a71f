"""A git server's hook whose pushes are graded in this process, by this run's examiner."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from git_server import Student
from grading import MiniCourse

from grader.batch.engine import Engine
from grader.batch.output import report_path
from grader.batch.slot import Slot
from grader.batch.task import decode_task, encode
from grader.course.catalog import find_course
from grader.course.models import Exercise
from grader.hook import drain
from grader.hook.drain import DrainRequest
from grader.hook.git import Repository
from grader.hook.queue import Outcome, Push, Pushed, Queue

ZERO = "0" * 40


class Server:
    """Grades pushes with this run's examiner."""

    def __init__(self, mini: MiniCourse, out: Path) -> None:
        self.mini = mini
        self.out = out
        self.graded: list[str] = []
        self.before: Callable[[str], None] = lambda _student: None
        out.mkdir()

    def receive(self, student: Student, old: str, new: str, ref: str = "refs/heads/main") -> Push:
        with Queue(self.out) as queue:
            (push,) = queue.add(student.bare, student.name, [Pushed(old, new, ref)])
        return push

    def push(self, student: Student, ref: str = "refs/heads/main") -> Push:
        """Bring the head of a student's clone to the server, as git would."""
        old = Repository(student.bare).commit_of(ref) or ZERO
        student.push(f"HEAD:{ref}")
        return self.receive(student, old, student.head(), ref)

    def drain(self, **options: object) -> int:
        self.graded = []
        request = DrainRequest(
            course=find_course(self.mini.root),
            out=self.out,
            jobs=1,
            sandbox="auto",
            device="cpu",
            seed=7,
            **options,  # type: ignore[arg-type]
        )
        return drain.drain(request)

    def outcomes(self, push: Push) -> list[Outcome] | None:
        with Queue(self.out) as queue:
            return queue.outcomes(push)

    @contextlib.contextmanager
    def engine(self, exercises: Mapping[str, Exercise], jobs: int) -> Iterator[Engine]:
        slot = Slot(lambda: self.mini.client, exercises.__getitem__)

        def grade(task: bytes) -> bytes:
            student = decode_task(task).student
            self.before(student)
            self.graded.append(student)
            return encode(slot.grade(decode_task(task)))

        with ThreadPoolExecutor(jobs) as executor:
            yield Engine(executor, grade, lambda: jobs)

    def score(self, push: Push) -> Any:
        """Give the score in the report of a push."""
        return json.loads(report_path(self.out, push.owner, "ex90").read_bytes())["score"]
