from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from unittest.mock import Mock

import pytest
from grading import MiniCourse

from grader.batch.slot import Slot
from grader.batch.task import Task
from grader.course.catalog import find_course, load_exercise
from grader.course.models import Exercise
from grader.errors import SandboxError, WorkerUnavailableError
from grader.session import client, jobs, nursery
from grader.session.client import ExaminerClient, ExaminerPool
from grader.submission import read_submission


@pytest.fixture(scope="module")
def pool() -> Iterator[ExaminerPool]:
    with ExaminerPool(()) as pool:
        yield pool


@pytest.fixture
def exercise(mini: MiniCourse) -> Exercise:
    return load_exercise(find_course(mini.root), "ex90")


@pytest.fixture
def task(mini: MiniCourse) -> Task:
    submission = read_submission(mini.solution)
    return Task("ada", "ex90", "key", "digest", submission, 1, "cpu", "auto")


class Flaky(ExaminerClient):
    """An examiner that is lost when it is asked."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def ask(self, request: jobs.Request, timeout_seconds: float | None = None) -> jobs.Answer:
        raise self._error

    def close(self) -> None:
        pass


def test_a_lost_examiner_is_replaced_and_the_task_done(
    pool: ExaminerPool, exercise: Exercise, task: Task
) -> None:
    supply = iter([Flaky(WorkerUnavailableError("gone")), pool.examiner()])
    slot = Slot(lambda: next(supply), lambda _: exercise)

    first, second = slot.grade(task), slot.grade(task)
    slot.close()

    assert (first.status, first.score) == ("graded", 100)
    assert second.score == 100


def test_a_task_that_costs_two_examiners_is_a_fault_of_the_grader(
    exercise: Exercise, task: Task
) -> None:
    slot = Slot(lambda: Flaky(WorkerUnavailableError("gone")), lambda _: exercise)

    result = slot.grade(task)

    assert (result.status, result.fault_of, result.score) == ("grader_fault", "grader", None)


def test_what_concerns_all_submissions_stops_the_slot(exercise: Exercise, task: Task) -> None:
    slot = Slot(lambda: Flaky(SandboxError("a hole")), lambda _: exercise)

    with pytest.raises(SandboxError):
        slot.grade(task)


def test_a_killed_nursery_is_replaced(exercise: Exercise, task: Task) -> None:
    with ExaminerPool(()) as pool:
        slot = Slot(pool.examiner, lambda _: exercise)
        assert slot.grade(task).score == 100
        assert pool._nursery is not None
        os.kill(pool._nursery._process.pid, signal.SIGKILL)

        assert slot.grade(task).score == 100
        slot.close()


def test_a_closed_pool_gives_no_examiners(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "Nursery", Mock)
    pool = ExaminerPool(())
    pool.close()

    with pytest.raises(WorkerUnavailableError):
        pool.examiner()


def test_who_stops_while_torch_is_imported_does_not_wait_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[nursery.Nursery] = []

    def interrupt(self: nursery.ControlClient, *_: object) -> None:
        raise KeyboardInterrupt

    class Watched(nursery.Nursery):
        def __init__(self) -> None:
            super().__init__()
            started.append(self)

    monkeypatch.setattr(client, "Nursery", Watched)
    monkeypatch.setattr(nursery.ControlClient, "ask", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ExaminerPool(())
    assert [one._process.returncode for one in started] == [-signal.SIGKILL]
