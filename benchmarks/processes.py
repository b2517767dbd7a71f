"""What this process and all that it started have cost so far."""

from __future__ import annotations

import contextlib
import os

import psutil

MEBI = 1024 * 1024


def tree() -> list[psutil.Process]:
    """Give this process and all that it started."""
    me = psutil.Process()
    return [me, *me.children(recursive=True)]


def tree_cpu() -> float:
    """Add up the processor time of all, with that of children that have ended."""
    total = 0.0
    for process in tree():
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
            if process.pid != os.getpid():
                total += times.children_user + times.children_system
    return total


def tree_memory() -> float:
    """Add up proportional memory, in mebibytes, without this process."""
    return sum(_proportional(process) for process in tree()[1:])


def own_memory() -> float:
    """Give the memory of this process, in mebibytes."""
    return _proportional(psutil.Process())


def _proportional(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / MEBI
    except psutil.Error:  # a worker that has just ended
        return 0.0
