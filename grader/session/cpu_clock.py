"""How much processor time another process has used."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import psutil


class CpuClock(Protocol):
    """Reads the processor time of one process."""

    def __call__(self) -> float:
        """Give the seconds of processor time that it has used; 0 where it has ended."""
        ...


def cpu_clock_of(pid: int) -> CpuClock:
    """Make a clock for a process.

    The kernel's own clock of the process (`clock_getcpuclockid` of POSIX) is read in about a
    microsecond, where psutil opens and takes apart files of /proc; it is asked twice a request.
    """
    clock_id = _clock_id(pid)
    if clock_id is None:
        return lambda: _from_psutil(pid)
    return lambda: _read(clock_id)


def starved_seconds(pid: int) -> float:
    """Give how long a process's first thread has waited for a processor while it was ready to run.

    It is the second number of /proc/PID/schedstat, in nanoseconds (Documentation/scheduler/
    sched-stats.rst of Linux).

    Returns:
        0 where the kernel does not tell.
    """
    try:
        numbers = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()
        return int(numbers[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _find_function() -> Callable[..., int] | None:
    try:
        function: Callable[..., int] = ctypes.CDLL(None).clock_getcpuclockid
    except (AttributeError, OSError, TypeError):  # macOS has none, Windows no such library
        return None
    return function


_CLOCK_GETCPUCLOCKID = _find_function()


def _clock_id(pid: int) -> int | None:
    if _CLOCK_GETCPUCLOCKID is None:
        return None
    clock_id = ctypes.c_int()
    failed = _CLOCK_GETCPUCLOCKID(ctypes.c_int(pid), ctypes.byref(clock_id))
    return None if failed else clock_id.value


def _read(clock_id: int) -> float:
    try:
        return time.clock_gettime(clock_id)
    except OSError:
        return 0.0


def _from_psutil(pid: int) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)
