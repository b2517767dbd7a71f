"""How often the kernel has ended a process for want of memory."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_COUNTERS: Final = Path("/proc/vmstat")


def count_oom_kills(counters: Path = _COUNTERS) -> int:
    """Give how many processes the kernel has ended for want of memory, cgroups' limits included.

    Returns:
        0 where the kernel does not tell.
    """
    try:
        lines = counters.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)
