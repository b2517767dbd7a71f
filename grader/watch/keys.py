"""Keys as they are pressed, without Return, where there is a terminal to press them on."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from grader.watch.events import Events, Pressed

__all__ = ["hear_keys"]

_WAIT_SECONDS: Final = 0.1
_ESCAPE: Final = "\x1b"


@contextmanager
def hear_keys(events: Events) -> Iterator[None]:
    """Put an event for each key, while the block runs; the terminal is as before afterwards.

    Ctrl-C and Ctrl-Z keep their meanings.
    """
    stop = threading.Event()
    listen = _listen_windows if sys.platform == "win32" else _listen
    with _one_by_one():
        thread = threading.Thread(target=listen, args=(events, stop), name="keys", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(timeout=1)


def _listen(events: Events, stop: threading.Event) -> None:
    import select  # noqa: PLC0415 - takes no terminal on Windows

    descriptor = sys.stdin.fileno()
    while not stop.is_set():
        try:
            if not select.select([descriptor], [], [], _WAIT_SECONDS)[0]:
                continue
            pressed = os.read(descriptor, 64)
        except OSError:
            return
        if not pressed:  # the terminal has gone
            return
        # What begins with Escape is an arrow or a function key, unless it is Escape itself.
        text = pressed.decode(errors="ignore")
        for key in text if not text.startswith(_ESCAPE) else text[:1] * (text == _ESCAPE):
            events.put(Pressed(key))


def _listen_windows(events: Events, stop: threading.Event) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        while not stop.is_set():
            if msvcrt.kbhit():
                events.put(Pressed(msvcrt.getwch()))
            else:
                time.sleep(_WAIT_SECONDS)


@contextmanager
def _one_by_one() -> Iterator[None]:
    """Let the terminal hand keys over at once, and not show them."""
    if sys.platform == "win32":
        yield
        return
    import termios  # noqa: PLC0415 - Windows has none
    import tty  # noqa: PLC0415

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
