"""How soon the next check can begin after a worker has died.

From the moment at which a worker is killed to the moment at which another one has loaded the
file: what the examiner notices, the nursery's fork, the lock-down and the definitions.

    python benchmarks/next_check.py [rounds]
"""

from __future__ import annotations

import os
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

from timing import ROOT, rounds_from_arguments

sys.path.insert(0, str(ROOT))

from grader.course.catalog import find_course, load_exercise
from grader.session.failures import WorkerLost
from grader.session.nursery import Nursery
from grader.session.worker import CapturedOutput, Worker
from grader.session.workers import ForkedWorkers
from grader.worker import wire
from grader.worker.policy import Policy

LIMIT_MS = 100.0
EXERCISE = load_exercise(find_course(ROOT), "ex03")


def begin(workers: ForkedWorkers, scratch: Path) -> Worker:
    """Start a worker and load the file."""
    worker, _ = workers.start(Policy(scratch=str(scratch)), CapturedOutput(4096))
    cells = (wire.CellSource(None, EXERCISE.solution.read_text(encoding="utf-8")),)
    request = wire.Load(
        cells=cells, filename="ex03_conv_layer.py", required=(), run_all=False, device="cpu"
    )
    worker.request(request, b"", 20.0)
    return worker


def main() -> int:
    """Measure and print, in milliseconds."""
    found = []
    with Nursery() as nursery, tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        nursery.preload(EXERCISE.preload)
        workers = ForkedWorkers(nursery._connection)  # noqa: SLF001 - no examiner is in between
        worker = begin(workers, Path(folder) / "worker0")
        for number in range(rounds_from_arguments(20)):
            os.kill(worker.pid, signal.SIGKILL)
            started = time.perf_counter()
            try:
                worker.request(wire.Begin(1, watch=False), b"", 5.0)
            except WorkerLost:
                worker = begin(workers, Path(folder) / f"worker{number + 1}")
                found.append(1e3 * (time.perf_counter() - started))
        worker.end()
    median = statistics.median(found)
    print(f"{len(found)} deaths: median {median:.0f} ms, slowest {max(found):.0f} ms")
    return int(median > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
