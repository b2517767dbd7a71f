"""What locking a worker down costs in processor time, layer by layer.

One process imports torch, as a nursery does, and forks. Each child locks itself down with all
layers but one and ends. What a layer costs is the difference to all layers; the total is the
difference to a child that puts on none. The kernel's clean-up after the end is not in it.

    python benchmarks/lockdown_cost.py [rounds]
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from timing import ROOT, rounds_from_arguments

sys.path.insert(0, str(ROOT))

import torch  # noqa: F401 - what a nursery has in memory

from grader.worker import lockdown
from grader.worker.policy import LAYERS, Policy

LIMIT_MS = 25.0
NONE, ALL = "no layer", "all layers"


def cases() -> dict[str, tuple[str, ...]]:
    """Give what is left out, by the name of the case."""
    return {NONE: tuple(LAYERS), ALL: ()} | {name: (name,) for name in LAYERS}


def run(without: tuple[str, ...], folder: str) -> tuple[float, float]:
    """Fork a child that locks itself down, and give its processor and wall seconds."""
    scratch = Path(folder) / "worker"
    scratch.mkdir(mode=0o700, exist_ok=True)
    policy = Policy(scratch=str(scratch), without=without)
    started, ours = time.perf_counter(), time.process_time()
    with lockdown.new_pid_namespace_for_children(policy):
        child = os.fork()
    if not child:
        done = lockdown.lock_down(policy, set())
        missing = set(done.missing) - set(without)
        os._exit(1 if missing else 0)
    _, status, usage = os.wait4(child, 0)
    # Where the interpreter lies in a folder of root's, another user needs the private root.
    if status and without in ((), tuple(LAYERS)):
        sys.exit(f"a layer is missing on this machine, without {without}; see `grade doctor`")
    # What the parent does for the child, such as making the namespace, is part of the price.
    cpu = usage.ru_utime + usage.ru_stime + time.process_time() - ours
    return cpu, time.perf_counter() - started


def main() -> int:
    """Measure and print, in milliseconds."""
    rounds = rounds_from_arguments(30)
    lockdown.prepare()
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in cases()}
    with tempfile.TemporaryDirectory() as folder:
        # Each worker's user passes through here.
        Path(folder).chmod(0o711)
        for _ in range(rounds):
            for name, without in cases().items():
                found[name].append(run(without, folder))
    cpu = {name: 1e3 * statistics.median(each for each, _ in runs) for name, runs in found.items()}
    wall = {name: 1e3 * statistics.median(each for _, each in runs) for name, runs in found.items()}
    for name in (NONE, ALL):
        print(f"{name:<22} {cpu[name]:6.1f} ms CPU {wall[name]:6.1f} ms wall")
    for name in LAYERS:
        print(f"{'  ' + name:<22} {cpu[ALL] - cpu[name]:6.1f} ms CPU")
    total = cpu[ALL] - cpu[NONE]
    print(f"{'locking down':<22} {total:6.1f} ms CPU, at most {LIMIT_MS:g}")
    return int(total > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
