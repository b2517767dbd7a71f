"""A batch over the miniature course, graded by this run's examiner."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

from grading import MiniCourse

from grader.batch.engine import Engine
from grader.batch.found import Discovery, Found
from grader.batch.plan import Again, BatchRequest
from grader.batch.run import BatchCounts, grade_found
from grader.batch.slot import Slot
from grader.batch.task import Result, decode_task, encode
from grader.course.catalog import find_course, load_exercise
from grader.errors import GraderError


class MiniBatch:
    """A class's submissions to the miniature exercise, and the folder that they are graded to."""

    def __init__(self, mini: MiniCourse, root: Path) -> None:
        self.mini = mini
        self.out = root / "out"
        self.out.mkdir()
        self.files = root / "handed-in"
        self.files.mkdir()
        self.found: list[Found] = []
        self.graded: list[str] = []
        self.kept = 0
        self.started = 0
        self.fail_after: tuple[int, GraderError] | None = None

    def hand_in(self, student: str, content: str | bytes, name: str = "ex90_mini.py") -> Path:
        folder = self.files / student
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        known = [one for one in self.found if one.student != student]
        found = Found(student=student, exercise="ex90", path=path, origin=f"{student}/{name}")
        self.found = [*known, found]
        return path

    def put_beside(self, student: str, name: str, content: str) -> None:
        """Add a file to those that a student has handed in already."""
        path = self.files / student / name
        path.write_text(content, encoding="utf-8")
        next(one for one in self.found if one.student == student).beside[name] = path

    def run(self, *, seed: int | None = None, again: Again = "changed") -> BatchCounts:
        self.graded = []
        course = find_course(self.mini.root)
        request = BatchRequest(
            course=course,
            exercises=(load_exercise(course, "ex90"),),
            out=self.out,
            seed=seed,
            device="cpu",
            sandbox="auto",
            again=again,
        )
        return grade_found(request, self.found, self._engine, self)

    def discovered(self, discovery: Discovery) -> None:
        pass

    def planned(self, total: int, kept: int) -> None:
        self.kept = kept

    def finished(self, result: Result) -> None:
        self.graded.append(result.student)

    @contextlib.contextmanager
    def _engine(self) -> Iterator[Engine]:
        self.started += 1
        exercise = load_exercise(find_course(self.mini.root), "ex90")
        slot = Slot(lambda: self.mini.client, lambda _: exercise)
        tasks = 0

        def grade(task: bytes) -> bytes:
            nonlocal tasks
            if self.fail_after is not None and tasks == self.fail_after[0]:
                raise self.fail_after[1]
            tasks += 1
            return encode(slot.grade(decode_task(task)))

        executor: Executor
        with ThreadPoolExecutor(1) as executor:
            yield Engine(executor, grade, lambda: 1)
