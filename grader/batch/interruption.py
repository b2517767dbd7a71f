"""Ctrl-C that cannot get lost.

Python raises `KeyboardInterrupt` wherever the main thread happens to be. In a destructor or a
callback, such as those of Dask's futures, it is printed and forgotten, and the work goes on.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def noted_interrupts() -> Iterator[Callable[[], None]]:
    """Note Ctrl-C for the time of a block, in which it is raised as ever.

    Whoever chose another handler for it keeps theirs, and other threads are never told of it.

    Yields:
        What raises `KeyboardInterrupt` where Ctrl-C was pressed since the block began.
    """
    pressed = threading.Event()

    def note(_number: int, _frame: object) -> None:
        pressed.set()
        raise KeyboardInterrupt

    def raise_noted() -> None:
        if pressed.is_set():
            raise KeyboardInterrupt

    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield raise_noted
        return
    print_lost = sys.unraisablehook
    sys.unraisablehook = lambda lost: _print_others(lost, print_lost)
    signal.signal(signal.SIGINT, note)
    try:
        yield raise_noted
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.unraisablehook = print_lost


def _print_others(lost: sys.UnraisableHookArgs, print_lost: Callable[..., object]) -> None:
    """Leave out what is raised again."""
    if lost.exc_type is not KeyboardInterrupt:
        print_lost(lost)
