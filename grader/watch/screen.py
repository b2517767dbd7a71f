"""A terminal's whole screen, of which only the lines are written again that have changed."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TextIO

__all__ = ["Screen", "is_terminal"]

# Another screen than the one with the user's work on it, no cursor, no line that goes on below.
_ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J\x1b[H"
_LEAVE: Final = "\x1b[?7h\x1b[?25h\x1b[?1049l"


def is_terminal() -> bool:
    """Say whether keys can be read and lines be drawn."""
    # A program can be started without one of the streams; then it is None.
    are_terminals = all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout))
    if not are_terminals or os.environ.get("TERM") == "dumb":
        return False
    if sys.platform == "win32":
        from rich.console import Console  # noqa: PLC0415 - which knows the consoles of Windows

        return not Console().legacy_windows
    # In the background, the terminal belongs to somebody else.
    return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()


class Screen:
    """Draws lines on the whole screen."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._drawn: list[str] = []
        self._size = shutil.get_terminal_size()

    @property
    def height(self) -> int:
        """The number of lines that fit."""
        return self._size.lines

    def has_new_size(self) -> bool:
        """Say whether the window has another size than at the last look; then all is drawn anew."""
        size = shutil.get_terminal_size()
        if size == self._size:
            return False
        self._size = size
        self._drawn = []
        return True

    def draw(self, lines: Sequence[str]) -> None:
        """Show these lines, at most as many as fit."""
        wanted = list(lines[: self.height])
        # After the first, a screen that is to be empty is cleared at its first line.
        parts = [] if self._drawn else ["\x1b[2J"]
        for number, line in enumerate(wanted):
            if number >= len(self._drawn) or self._drawn[number] != line:
                parts.append(f"\x1b[{number + 1};1H\x1b[2K{line}")
        if len(wanted) < len(self._drawn):
            parts.append(f"\x1b[{len(wanted) + 1};1H\x1b[J")
        self._out.write("".join(parts))
        self._out.flush()
        self._drawn = wanted

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Take the terminal's screen for the block, and give it back however the block ends."""
        self._enter()
        before = self._handle_signals()
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self._leave()

    def _enter(self) -> None:
        self._drawn = []
        self._out.write(_ENTER)
        self._out.flush()

    def _leave(self) -> None:
        self._out.write(_LEAVE)
        self._out.flush()

    def _handle_signals(self) -> dict[int, Any]:
        """Give the screen back where the program is ended, or stopped by Ctrl-Z, from outside."""
        handlers: dict[int, Any] = {signal.SIGTERM: _end}
        if sys.platform != "win32":
            handlers |= {signal.SIGHUP: _end, signal.SIGTSTP: self._stop}
        return {number: signal.signal(number, handler) for number, handler in handlers.items()}

    def _stop(self, *_: object) -> None:
        if sys.platform != "win32":
            import termios  # noqa: PLC0415 - Windows has none

            keys = termios.tcgetattr(sys.stdin.fileno())
            self._leave()
            os.kill(os.getpid(), signal.SIGSTOP)
            # Here it goes on, once the shell has put it into the foreground again.
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, keys)
            self._enter()


def _end(number: int, _frame: object) -> None:
    sys.exit(128 + number)
