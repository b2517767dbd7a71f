"""Keeps an examiner and its worker on one processor.

They take turns: while one works the other waits. On two processors each question and each answer
wakes one that sleeps, which costs more than what most questions ask for, and leaves behind what the
other has just written. The processor is chosen anew for each submission: it is the one on which the
kernel has just let the examiner run, so that neighbours part again who have met on one.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_TASKS: Final = Path("/proc/self/task")


@contextlib.contextmanager
def one_processor() -> Iterator[None]:
    """Keep all threads of this process on the processor that it is on, where that can be had."""
    number = _current()
    if number is None:
        yield
        return
    allowed = os.sched_getaffinity(0)
    _move({number})
    try:
        yield
    finally:
        _move(allowed)


def join(pid: int) -> None:
    """Bring a process, and what it starts from now on, to where this thread may run."""
    if sys.platform == "linux":
        # It may have ended, or be somebody else by now.
        with contextlib.suppress(OSError):
            os.sched_setaffinity(pid, os.sched_getaffinity(0))


def _current() -> int | None:
    """Give the number of the processor that this thread runs on."""
    if sys.platform != "linux":
        return None
    try:
        return int(ctypes.CDLL(None).sched_getcpu())
    except (AttributeError, OSError):
        return None


def _move(processors: Iterable[int]) -> None:
    """Let all threads of this process run on these processors only."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            for task in _TASKS.iterdir():
                os.sched_setaffinity(int(task.name), processors)
