"""How long a worker may take to answer one request."""

from __future__ import annotations

import math
import time
from typing import Final, Protocol

_PATIENCE_SECONDS: Final = 0.5
_POLL_SECONDS: Final = 0.25
_MOST_STARVED: Final = 10
"""Not even on a starved machine does a request take more than so many times its wall time."""


class Clocks(Protocol):
    """What the kernel tells of a process."""

    def cpu_seconds(self) -> float:
        """Give the processor time that it has used."""
        ...

    def starved_seconds(self) -> float:
        """Give how long it has been ready to run and got no processor; 0 where nobody tells."""
        ...


class Deadline:
    """The time of one request: of the processor, and on the wall.

    What an idle worker waits for counts, an endless sleep above all. What does not count is that
    others keep the processors busy, by chance or to do harm.
    """

    def __init__(
        self, clocks: Clocks, started: float, cpu_seconds: float, wall_seconds: float
    ) -> None:
        """Start counting.

        Args:
            clocks: Those of the worker.
            started: When the request was made, by `time.monotonic`.
            cpu_seconds: How much processor time it may take.
            wall_seconds: How long it may take if it got all the processor that it wanted.
        """
        self._clocks = clocks
        self._started = started
        self._cpu_seconds = cpu_seconds
        self._wall_seconds = wall_seconds
        self._patience = min(_PATIENCE_SECONDS, cpu_seconds / 2)
        self._cpu_before = clocks.cpu_seconds()
        self._starved_before = math.nan
        """Not read before it takes long: most requests take a millisecond."""

    def takes_long(self) -> bool:
        """Tell once, when it does so for the first time, that the request takes long."""
        if not math.isnan(self._starved_before) or self._elapsed() < self._patience:
            return False
        self._starved_before = self._clocks.starved_seconds()
        return True

    def is_over(self) -> bool:
        """Tell whether the time has run out."""
        elapsed = self._elapsed()
        if elapsed >= self._cpu_seconds and self._used() >= self._cpu_seconds:
            return True
        if elapsed < self._wall_seconds:
            return False
        return self.waited() >= self._wall_seconds or elapsed >= _MOST_STARVED * self._wall_seconds

    def next_look(self) -> float:
        """Give the seconds after which to look at it again."""
        elapsed = self._elapsed()
        next_change = self._patience if elapsed < self._patience else self._cpu_seconds
        return max(next_change - elapsed, 0.01) if elapsed < next_change else _POLL_SECONDS

    def waited(self) -> float:
        """Give the seconds on the wall, those aside in which it got no processor."""
        if math.isnan(self._starved_before):
            return self._elapsed()
        return self._elapsed() - (self._clocks.starved_seconds() - self._starved_before)

    def spent(self) -> float:
        """Give what the request took: processor time, or a third of the wall time if longer."""
        return max(self._used(), self.waited() / 3)

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _used(self) -> float:
        return self._clocks.cpu_seconds() - self._cpu_before
