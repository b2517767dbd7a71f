"""Keeps an examiner and its worker on one processor.

They take turns: while one works the other waits. On two processors each question and each answer
wakes one that sleeps, which costs more than what most questions ask for, and leaves behind what
the other has just written. The processor is chosen anew for each submission: the one on which the
kernel has just let the examiner run, unless another examiner of this machine has it. Where several
grade at the same time no processor sleeps, and the kernel shares them out better.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_TASKS: Final = Path("/proc/self/task")


@contextlib.contextmanager
def one_processor() -> Iterator[None]:
    """Keep all threads of this process on a processor that no other examiner has chosen.

    Where there is none, or the platform cannot do it, they stay where the kernel puts them.
    """
    with contextlib.ExitStack() as stack:
        if sys.platform == "linux":
            allowed = os.sched_getaffinity(0)
            number = next((each for each in _nearest(allowed) if _claim(each, stack)), None)
            if number is not None:
                stack.callback(_move, allowed)
                _move({number})
        yield


def _claim(number: int, stack: contextlib.ExitStack) -> bool:
    """Take a processor until the stack is left, unless another examiner has it.

    The claim is an abstract name of a socket, which ends with its owner and leaves no file behind.
    """
    claim = stack.enter_context(socket.socket(socket.AF_UNIX))
    try:
        claim.bind(f"\0torchgrade-processor-{number}")
    except OSError:
        return False
    return True


def join(pid: int) -> None:
    """Bring a process, and what it starts from now on, to where this thread may run."""
    if sys.platform == "linux":
        # It may have ended, or be somebody else by now.
        with contextlib.suppress(OSError):
            os.sched_setaffinity(pid, os.sched_getaffinity(0))


def _nearest(allowed: Iterable[int]) -> list[int]:
    """Order processors so that the one that this thread runs on comes first."""
    try:
        here = int(ctypes.CDLL(None).sched_getcpu())
    except (AttributeError, OSError):
        return []
    return sorted(allowed, key=lambda number: number != here)


def _move(processors: Iterable[int]) -> None:
    """Let all threads of this process run on these processors only."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            for task in _TASKS.iterdir():
                os.sched_setaffinity(int(task.name), processors)
