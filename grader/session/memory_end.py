"""Tells a worker that ended for want of memory from one that crashed."""

from __future__ import annotations

import signal
from typing import Final

_MARKS: Final = (b"std::bad_alloc", b"Cannot allocate memory", b"not enough memory")
_TAIL: Final = 4_096


def ended_for_memory(number: int, *, was_short: bool, stderr: bytes | bytearray) -> bool:
    """Tell whether a signal ended a process because memory was short.

    Args:
        number: The signal; nobody here has sent it.
        was_short: Whether the kernel has ended a process for it in the life of this one.
        stderr: What the process printed. C++ names an allocation that failed before it aborts;
            who prints that without need gets another word for the same lost check.
    """
    if number == signal.SIGKILL:
        return was_short
    tail = bytes(stderr[-_TAIL:])
    return number == signal.SIGABRT and any(mark in tail for mark in _MARKS)
