"""Hears of saves, from the system or by looking again and again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from watchfiles import Change, watch

from grader.watch.events import Events, Lost, Saved

__all__ = ["hear_saves"]

_STEP_MS: Final = 10
"""A save is several events; once none has come for this long, it is over. So often it is looked."""
_LONGEST_SAVE_MS: Final = 400
_POLL_MS: Final = 300
_STOP_MS: Final = 500
_SUFFIXES: Final = (".py", ".ipynb")


@contextmanager
def hear_saves(folder: Path, events: Events, *, polling: bool) -> Iterator[None]:
    """Put an event for each save of a script or a notebook below a folder, while the block runs.

    The folder is watched and not the file: many editors write a new file and give it the name of
    the old one, which a watch on the old file would never hear of.

    Args:
        folder: Where the files lie, at any depth.
        events: Takes the events; `Lost` where the system gives up.
        polling: Look at all files again and again, rather than be told.
    """
    stop = threading.Event()

    def listen() -> None:
        try:
            for path in _saves(folder, stop, polling=polling):
                events.put(Saved(path))
        except (OSError, RuntimeError) as error:
            if not stop.is_set():
                events.put(Lost(str(error)))

    thread = threading.Thread(target=listen, name="saves", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=2 * _STOP_MS / 1000)


def _saves(folder: Path, stop: threading.Event, *, polling: bool) -> Iterator[Path]:
    changes = watch(
        folder,
        watch_filter=_is_of_interest,
        debounce=_LONGEST_SAVE_MS,
        step=_STEP_MS,
        stop_event=stop,
        rust_timeout=_STOP_MS,
        force_polling=polling,
        poll_delay_ms=_POLL_MS,
        raise_interrupt=False,
    )
    for group in changes:
        yield from sorted({Path(name) for _, name in group})


def _is_of_interest(change: Change, name: str) -> bool:
    return change != Change.deleted and name.endswith(_SUFFIXES)
