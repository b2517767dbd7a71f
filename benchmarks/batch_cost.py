"""What a submission costs in a batch, beside pytest in a process of its own and a bare fork.

`python benchmarks/batch_cost.py [SUBMISSIONS] [EXERCISE]`; both by default 60 of ex03. Every row is
measured in this run: the reference solution is graded again and again, with all locks on. The rows
are measured in turn, round after round, a part of the submissions each time, since a machine that
others share is not as quick at one moment as at another; medians of the rounds are printed. Times
of batches leave the first results out, which wait for torch; that cost has a column of its own.

One job is measured twice: as it comes, when its nursery and the command use a second processor
beside it, and with all of it kept on one processor, which says what each further one is worth.
"""

from __future__ import annotations

import contextlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from processes import tree_cpu, tree_memory

from grader.batch.engine import Engine, local_engine
from grader.batch.found import Discovery, Found
from grader.batch.plan import BatchRequest
from grader.batch.run import grade_found
from grader.batch.task import Result
from grader.course.catalog import Course, find_course, load_exercise
from grader.course.models import Exercise

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 4
FORKS = 20

BARE_FORK = """
import os, resource, sys
import torch, torch.utils.tensorboard
source = compile(open(sys.argv[1], "rb").read(), "submission", "exec")
namespace = {}
exec(source, namespace)
reference = namespace["ConvNet"]
weights = {"conv1.weight": torch.zeros(6, 3, 3, 3), "conv1.bias": torch.zeros(6)}
import gc
gc.freeze()
for _ in range(int(sys.argv[2])):
    pid = os.fork()
    if pid == 0:
        mine = {}
        exec(source, mine)
        torch.manual_seed(1)
        images, net, right = torch.rand(64, 3, 32, 32), mine["ConvNet"](), reference()
        net.load_state_dict(right.state_dict())
        os._exit(not torch.isclose(net(images), right(images)).all())
    assert os.waitpid(pid, 0)[1] == 0
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime)
"""


class Row(NamedTuple):
    """A line of the table; seconds a submission, and mebibytes of proportional memory."""

    name: str
    cpu: float
    wall: float
    fixed_wall: float
    memory: float


class Clock:
    """Measures from one result of a batch to the last."""

    def __init__(self, total: int, skip: int) -> None:
        self._total, self._skip = total, skip
        self._count = 0
        self._start = time.perf_counter()
        self.fixed = self.wall = self.cpu = self.memory = 0.0

    def discovered(self, discovery: Discovery) -> None:
        """Nothing is shown."""

    def planned(self, total: int, kept: int) -> None:
        """Nothing is shown."""

    def finished(self, result: Result) -> None:
        """Take a result, which has to be right."""
        if result.score != result.max_score:
            sys.exit(f"the solution got {result.score} of {result.max_score}")
        self._count += 1
        if self._count == self._skip:
            now = time.perf_counter()
            self.fixed, self._began, self._cpu = now - self._start, now, tree_cpu()
        if self._count == self._total:
            graded = self._total - self._skip
            self.wall = (time.perf_counter() - self._began) / graded
            self.cpu = (tree_cpu() - self._cpu) / graded
            self.memory = tree_memory()


def plain_pytest(exercise: Exercise) -> Row:
    """Run the same checks with pytest in a fresh process, tests and submission together."""
    environment = os.environ | {
        "SUBMISSION": str(exercise.solution),
        "REFERENCE": str(exercise.solution),
        "PYTHONPATH": f"{ROOT}/benchmarks{os.pathsep}{ROOT}",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "OMP_NUM_THREADS": "1",
    }
    with tempfile.TemporaryDirectory() as folder:
        command = [
            *(sys.executable, "-m", "pytest", "-q", "-c", f"{ROOT}/grader/session/suite.ini"),
            *("--rootdir", str(exercise.suite), "--noconftest", "--import-mode=importlib"),
            *("-p", "plain_suite", "-p", "pytest_jsonreport.plugin", "-p", "no:cacheprovider"),
            *("--json-report", f"--json-report-file={folder}/report.json"),
            *(str(exercise.suite / name) for name in ("test_visible.py", "test_hidden.py")),
        ]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run(command, env=environment, capture_output=True, check=False)
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Row("pytest --json-report", cpu, wall, 0, 0)


def bare_fork(exercise: Exercise) -> Row:
    """Fork a process that has torch, do the forward pass and compare; no locks, no tests."""
    command = [sys.executable, "-c", BARE_FORK, str(exercise.solution), str(FORKS)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return Row("bare fork", float(done.stdout) / FORKS, 0, time.perf_counter() - start, 0)


def batch(  # noqa: PLR0913, PLR0917 - the facts of a row
    name: str,
    course: Course,
    exercise: Exercise,
    count: int,
    start: Callable[[], contextlib.AbstractContextManager[Engine]],
    slots: int,
) -> Row:
    """Grade a class of the same submission."""
    found = [Found(f"s{n:05}", exercise.id, exercise.solution, "") for n in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        request = BatchRequest(course, (exercise,), Path(folder), 1)
        clock = Clock(count, skip=2 * slots)
        grade_found(request, found, start, clock)
    return Row(name, clock.cpu, clock.wall, clock.fixed, clock.memory)


@contextlib.contextmanager
def on_one_processor() -> Iterator[None]:
    """Keep this thread, and whatever it starts, on one processor."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def measure(course: Course, exercise: Exercise, count: int) -> Iterator[Row]:
    """Measure each row once."""
    # The first one brings into memory what the machine has forgotten since the last round.
    plain_pytest(exercise)
    yield plain_pytest(exercise)
    if exercise.id == "ex03":
        yield bare_fork(exercise)
    one, two = (partial(local_engine, {exercise.id: exercise}, jobs) for jobs in (1, 2))
    yield batch("grade batch --jobs 1", course, exercise, count, one, 1)
    with on_one_processor():
        row = batch("the same, one processor", course, exercise, count, one, 1)
    yield row
    yield batch("grade batch --jobs 2", course, exercise, count, two, 2)
    with contextlib.suppress(ImportError):
        from grader.batch.dask_engine import dask_engine  # noqa: PLC0415 - an extra

        start = partial(dask_engine, course, [exercise.name], scheduler=None, jobs=2)
        yield batch("--engine dask, 2 workers", course, exercise, count, start, 2)


def median_row(rows: Sequence[Row]) -> Row:
    """Give the median of each figure."""
    return Row(
        rows[0].name,
        *(statistics.median(figures) for figures in zip(*(row[1:] for row in rows), strict=True)),
    )


def main() -> None:
    """Measure all rows and print them."""
    size, name = (*sys.argv[1:], *("60", "ex03")[len(sys.argv) - 1 :])
    course = find_course(ROOT)
    exercise = load_exercise(course, name)
    measured = [list(measure(course, exercise, int(size) // ROUNDS)) for _ in range(ROUNDS)]
    rows = [median_row(of_a_kind) for of_a_kind in zip(*measured, strict=True)]
    print(f"{exercise.id}, {len(exercise.checks)} checks, {size} submissions in {ROUNDS} rounds")
    print(f"{'':26}{'CPU ms':>8}{'wall ms':>9}{'ratio':>7}{'fixed s':>9}{'PSS MiB':>9}")
    for row in rows:
        times = f"{row.cpu * 1000:8.0f}{row.wall * 1000:9.0f}{row.cpu / rows[0].cpu:7.3f}"
        print(f"{row.name:26}{times}{row.fixed_wall:9.1f}{row.memory:9.0f}")


if __name__ == "__main__":
    main()
