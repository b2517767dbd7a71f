"""Starts a server that outlives this process."""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections.abc import Mapping
from typing import Final

from grader.language import Text, text
from grader.session.nursery import INTERPRETER

_START_SECONDS: Final = 30.0
"""Until it listens; torch is imported later."""
_CHUNK: Final = 4096
FOLDER_VARIABLES: Final = ("XDG_RUNTIME_DIR", "TEMP", "TMP")
"""By which the server finds its folder; they are of no use to its nursery."""


_SILENT: Final = Text(en="it does not answer", zh="它没有回应")
_ENDED: Final = Text(en="it ended while it started", zh="它在启动时就结束了")


class NotStartedError(OSError):
    """No server can be started here."""

    def __init__(self, said: Text) -> None:
        """Say why in both languages."""
        super().__init__(said.en)
        self.said = said


def start_server(fingerprint: str, environment: Mapping[str, str], idle_seconds: float) -> None:
    """Start a server and wait until it listens, or until another one has the place.

    Args:
        fingerprint: What it is made of.
        environment: Its variables, which its nursery and the workers get too.
        idle_seconds: How long it stays without anything to do.

    Raises:
        OSError: It could not be started.
    """
    command = [*INTERPRETER, "-m", "grader.server", fingerprint, repr(idle_seconds)]
    own = {name: os.environ[name] for name in FOLDER_VARIABLES if name in os.environ}
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command,
        env={**environment, **own},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        said = _last_word(process)
    if said is None:
        raise NotStartedError(_SILENT)
    word, _, reason = said.partition(" ")
    if word not in ("ready", "taken"):
        raise NotStartedError(text(reason) if reason else _ENDED)


def plain_reason(error: Exception) -> str:
    """Say what went wrong without the number that the system has for it."""
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error) or type(error).__name__
    return f"{error.strerror}: {error.filename}" if error.filename else error.strerror


def reason_of(error: Exception) -> Text:
    """Say what went wrong, in both languages where it is we who say it."""
    said = getattr(error, "said", None)
    if isinstance(said, Text):
        return said
    if isinstance(error, (EOFError, ValueError)):
        return Text(en="its answer makes no sense", zh="它的回答无法理解")
    return text(plain_reason(error))


def _last_word(process: subprocess.Popen[bytes]) -> str | None:
    """Read what the process says before it turns its back on us; None where it does not."""
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    descriptor = process.stdout.fileno()
    deadline = time.monotonic() + _START_SECONDS
    said = b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            process.kill()
            return None
        chunk = os.read(descriptor, _CHUNK)
        if not chunk:
            return said.decode("utf-8", "replace")
        said += chunk
