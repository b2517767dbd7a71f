"""Waits for what another thread or process does."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import psutil


def wait_until(holds: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something holds; fail where it never does, generously for a loaded machine."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.01)


def is_left_behind(process: psutil.Process) -> bool:
    """Whether a process still runs after a moment in which it may notice that it is alone."""
    for _ in range(100):
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                time.sleep(0.05)
                continue
        return False
    return True
