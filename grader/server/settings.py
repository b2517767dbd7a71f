"""What a user can say about the server, by variables."""

from __future__ import annotations

import math
import os
import sys
from typing import Final

from grader.errors import UsageError
from grader.language import Text

IDLE_VARIABLE: Final = "GRADE_SERVER_IDLE"
OFF_VARIABLE: Final = "GRADE_NO_SERVER"

_IDLE_MINUTES: Final = 15.0
_MAX_IDLE_MINUTES: Final = 24.0 * 60
_NO: Final = ("", "0", "false", "no")


def is_supported() -> bool:
    """Tell whether this system can have a server: only Linux forks a process that has torch."""
    return sys.platform == "linux"


def is_wanted() -> bool:
    """Tell whether to use a server where nobody said otherwise.

    A run for continuous integration is over after one grading, and would leave it behind.
    """
    return is_supported() and not _is_set(OFF_VARIABLE) and not _is_set("CI")


def idle_seconds() -> float:
    """Give how long a server stays without anything to do.

    Raises:
        UsageError: The variable holds no number of minutes.
    """
    written = os.environ.get(IDLE_VARIABLE, "").strip()
    if not written:
        return 60 * _IDLE_MINUTES
    try:
        minutes = float(written)
    except ValueError:
        minutes = math.nan
    if not 0 < minutes <= _MAX_IDLE_MINUTES:
        raise UsageError(
            Text(
                en=f"{IDLE_VARIABLE} is {written!r}, which is no number of minutes up to 1440",
                zh=f"{IDLE_VARIABLE} 的值 {written!r} 不是 1440 以内的分钟数",
            ),
            hint=Text(
                en=f"Write `{IDLE_VARIABLE}=15`; `{OFF_VARIABLE}=1` grades without a server.",
                zh=f"请写成 `{IDLE_VARIABLE}=15`；`{OFF_VARIABLE}=1` 表示不使用后台服务。",
            ),
        )
    return 60 * minutes


def _is_set(variable: str) -> bool:
    return os.environ.get(variable, "").strip().lower() not in _NO
