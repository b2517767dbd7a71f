"""Runs commands in turn and says what each cost."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]


class Cost(NamedTuple):
    """What one run of a command took."""

    wall_seconds: float
    cpu_seconds: float


def measure(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Cost]:
    """Run each command once a round, so that a slow minute of the machine touches all alike.

    Returns:
        The medians, by the commands' names.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(_run(command))
    return {
        name: Cost(
            statistics.median(cost.wall_seconds for cost in runs),
            statistics.median(cost.cpu_seconds for cost in runs),
        )
        for name, runs in costs.items()
    }


def print_table(costs: Mapping[str, Cost], baseline: str) -> None:
    """Print the medians, and each one's ratio to the baseline."""
    base = costs[baseline]
    width = max(map(len, costs))
    print(f"{'command':{width}}  wall s  ratio   cpu s  ratio")
    for name, cost in costs.items():
        wall_ratio = cost.wall_seconds / base.wall_seconds
        cpu_ratio = cost.cpu_seconds / base.cpu_seconds
        times = f"{cost.wall_seconds:6.2f}  {wall_ratio:5.2f}  {cost.cpu_seconds:6.2f}"
        print(f"{name:{width}}  {times}  {cpu_ratio:5.2f}")


def rounds_from_arguments(default: int) -> int:
    """Read the number of rounds from the command line."""
    return int(sys.argv[1]) if len(sys.argv) > 1 else default


def _run(command: Sequence[str]) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    finished = subprocess.run(
        command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # Users have byte code on disk.
        env=os.environ | {"NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": ""},
        check=False,
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # 1 is the exit code of a submission below full marks.
    if finished.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {finished.returncode}:\n{finished.stderr}")
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
