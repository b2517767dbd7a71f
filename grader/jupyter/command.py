"""Runs `grade` for a notebook, in a process of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

__all__ = ["Said", "grade", "run"]

_INTERRUPTED_SECONDS: Final = 5.0
_WIDTH: Final = "80"
_COLOUR_VARIABLES: Final = ("FORCE_COLOR", "CLICOLOR_FORCE")
"""A kernel asks for colours by these, which plain text cannot show."""


class Said(NamedTuple):
    """What the command line said."""

    code: int
    """Its exit code."""
    out: str
    err: str
    page: str | None = None
    """The feedback in HTML, where something was graded."""


def grade(words: Sequence[str]) -> Said:
    """Grade, and get the feedback as a page too.

    Args:
        words: The exercise and its options.
    """
    with TemporaryDirectory(prefix="grade-page-", ignore_cleanup_errors=True) as folder:
        page = Path(folder, "page.html")
        said = run([*words, "--html", str(page)])
        if not page.is_file():
            return said
        return said._replace(page=page.read_text(encoding="utf-8"))


def run(words: Sequence[str]) -> Said:
    """Run a command and wait for it; an interruption of the kernel interrupts it."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "grader", *words],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        # The kernel's interruption is for the kernel, which passes it on below.
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate()
        except KeyboardInterrupt:
            _interrupt(process)
            raise
    return Said(process.returncode, out, err)


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name not in _COLOUR_VARIABLES}
    return own | {"COLUMNS": _WIDTH, "NO_COLOR": "1", "PYTHONUTF8": "1"}


def _interrupt(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(OSError):
        process.send_signal(signal.SIGINT)
    try:
        process.wait(_INTERRUPTED_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
