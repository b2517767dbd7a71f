"""Whether a batch stays as quick and as small as it began, however many are graded.

`python benchmarks/long_batch.py [SUBMISSIONS] [EXERCISE] [JOBS]`; by default 5,000 of ex04 with two
jobs. A tenth of them, the first and the last, are compared by the processor time of each; the
memory is read at ten moments between. Ends with 1 where the last tenth cost a tenth more than the
first, or where memory grew by a tenth from the second tenth to the last, that of the command itself
or of all that it started.
"""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

from processes import own_memory, tree_cpu, tree_memory

from grader.batch.engine import local_engine
from grader.batch.found import Discovery, Found
from grader.batch.plan import BatchRequest
from grader.batch.run import grade_found
from grader.batch.task import Result
from grader.course.catalog import find_course, load_exercise

ROOT = Path(__file__).resolve().parents[1]
PARTS = 10
MORE = 1.1


class Reading(NamedTuple):
    """How things stand after some of the submissions."""

    graded: int
    cpu: float
    wall: float
    processes: float
    """Mebibytes of proportional memory of nursery, examiners and workers."""
    command: float
    """Mebibytes of the command itself."""


class Watch:
    """Reads processor time and memory after each tenth of a batch."""

    def __init__(self, total: int, skip: int) -> None:
        self._step = (total - skip) // PARTS
        self._skip = skip
        self._count = 0
        self.readings: list[Reading] = []

    def discovered(self, discovery: Discovery) -> None:
        """Nothing is shown."""

    def planned(self, total: int, kept: int) -> None:
        """Nothing is shown."""

    def finished(self, result: Result) -> None:
        """Take a result, which has to be right."""
        if result.score != result.max_score:
            sys.exit(f"the solution got {result.score} of {result.max_score}")
        self._count += 1
        done = self._count - self._skip
        if done >= 0 and done % self._step == 0:
            cpu, wall = tree_cpu(), time.perf_counter()
            self.readings.append(Reading(done, cpu, wall, tree_memory(), own_memory()))


def main() -> None:
    """Grade, print a line for each tenth, and say whether the last is like the first."""
    size, name, jobs = (*sys.argv[1:], *("5000", "ex04", "2")[len(sys.argv) - 1 :])
    course = find_course(ROOT)
    exercise = load_exercise(course, name)
    found = [
        Found(f"s{number:05}", exercise.id, exercise.solution, "") for number in range(int(size))
    ]
    # Whoever is first waits for torch.
    watch = Watch(len(found), skip=2 * int(jobs))
    with tempfile.TemporaryDirectory() as folder:
        request = BatchRequest(course, (exercise,), Path(folder), 1)
        start = partial(local_engine, {exercise.id: exercise}, int(jobs))
        grade_found(request, found, start, watch)
    print(f"{exercise.id}, {len(exercise.checks)} checks, {size} submissions, {jobs} jobs")
    print(f"{'graded':>8}{'CPU ms':>8}{'wall ms':>9}{'PSS MiB':>9}{'command MiB':>13}")
    costs = []
    for before, after in zip(watch.readings, watch.readings[1:], strict=False):
        count = after.graded - before.graded
        cpu, wall = (after.cpu - before.cpu) / count, (after.wall - before.wall) / count
        costs.append(cpu)
        figures = f"{1000 * cpu:8.0f}{1000 * wall:9.0f}{after.processes:9.0f}"
        print(f"{after.graded:8}{figures}{after.command:13.1f}")
    slower = costs[-1] / costs[0]
    early, late = watch.readings[2], watch.readings[-1]
    larger, own = late.processes / early.processes, late.command / early.command
    first, last = rate(*watch.readings[:2]), rate(*watch.readings[-2:])
    print(f"first tenth {first:.1f}/s, last tenth {last:.1f}/s")
    print(f"the last tenth cost {slower:.2f} of the first in processor time")
    print(f"memory is {larger:.2f} of what it was, that of the command {own:.2f}")
    sys.exit(max(slower, larger, own) > MORE)


def rate(before: Reading, after: Reading) -> float:
    """Give how many were graded in a second."""
    return (after.graded - before.graded) / (after.wall - before.wall)


if __name__ == "__main__":
    main()
