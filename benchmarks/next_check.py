"""How soon the next check can begin after a worker has died.

From the moment at which a worker is killed to the moment at which the next check has begun in
another one, which has locked itself down and loaded the file: with a worker in reserve, as in a
batch, at the first loss of a run that had no second worker yet, and with nothing in reserve.

    python benchmarks/next_check.py [submissions]
"""

from __future__ import annotations

import os
import signal
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from timing import ROOT, rounds_from_arguments

sys.path.insert(0, str(ROOT))

import torch

from grader.course.catalog import find_course, load_exercise
from grader.session.failures import WorkerLost
from grader.session.nursery import Nursery
from grader.session.reserve import Reserve
from grader.session.student import Student
from grader.session.workers import ForkedWorkers
from grader.submission import read_submission
from grader.worker import wire
from grader.worker.policy import Policy

LIMIT_MS = 100.0
LOSSES = 4
CHECK_SECONDS = 0.15
"""What stands for the work of a check between two losses."""
EXERCISE = load_exercise(find_course(ROOT), "ex03")


def make_student(workers: Reserve, scratch: Path) -> Student:
    """Load the solution as a submission."""
    student = Student(
        read_submission(EXERCISE.solution),
        workers,
        required=EXERCISE.names,
        limits=EXERCISE.limits,
        device=torch.device("cpu"),
        scratch=scratch,
    )
    student.load()
    return student


def lose(student: Student) -> float:
    """Kill the worker in a check, and begin the next one; give the milliseconds."""
    student.begin(1, watch=False)
    time.sleep(CHECK_SECONDS)
    assert student._worker is not None  # noqa: SLF001, S101 - the one that is to die
    os.kill(student._worker.pid, signal.SIGKILL)  # noqa: SLF001
    started = time.perf_counter()
    with suppress(WorkerLost):
        student.ask(lambda _: wire.Get(0, "FACTS"))
    student.begin(1, watch=False)
    return 1e3 * (time.perf_counter() - started)


def main() -> int:
    """Measure and print, in milliseconds."""
    found: dict[str, list[float]] = {}
    with Nursery() as nursery, tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        nursery.preload(EXERCISE.preload)
        forked = ForkedWorkers(nursery._connection)  # noqa: SLF001 - no examiner is in between
        kept = Reserve(forked)
        for number in range(rounds_from_arguments(15)):
            for name, reserve in (
                ("nothing in reserve", _Empty(forked)),
                ("reserve, first loss of a run", Reserve(forked)),
                ("reserve", kept),
            ):
                scratch = Path(folder) / f"{number} {name}"
                scratch.mkdir(mode=0o711)
                student = make_student(reserve, scratch)
                losses = 1 if "first" in name else LOSSES
                found.setdefault(name, []).extend(lose(student) for _ in range(losses))
                student.end()
                if reserve is not kept:
                    reserve.close()
        kept.close()
    for name, times in found.items():
        print(f"{name:<30} median {statistics.median(times):4.0f} ms, slowest {max(times):4.0f} ms")
    return int(max(found["reserve"]) > LIMIT_MS)


class _Empty(Reserve):
    """Starts each worker when it is needed, as it was before there was a reserve."""

    def prepare(self, policy: Policy) -> None:
        """Start nothing."""


if __name__ == "__main__":
    sys.exit(main())
