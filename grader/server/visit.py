"""Asks the server how it is, and ends it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from grader.errors import WorkerUnavailableError
from grader.language import Text
from grader.server import protocol, settings
from grader.server.folder import ServerFolder
from grader.server.start import reason_of

__all__ = ["Visit", "server_state", "stop_server"]

_ANSWER_SECONDS: Final = 5.0
_END_SECONDS: Final = 10.0


class Visit(NamedTuple):
    """A server, and what it says of itself."""

    pid: int
    state: protocol.State | None
    """None where it is there and does not answer."""


def server_state() -> Visit | None:
    """Ask the server how it is.

    Returns:
        None where no server runs.

    Raises:
        WorkerUnavailableError: Its folder is not this user's alone.
    """
    with _own_folder() as folder:
        return None if folder is None else _visit(folder, protocol.Status(""))


def stop_server() -> Visit | None:
    """End the server and all that it grades, and wait until it is gone.

    Returns:
        What it was; None where no server ran.

    Raises:
        WorkerUnavailableError: Its folder is not this user's alone, or it does not end.
    """
    with _own_folder() as folder:
        return None if folder is None else _visit(folder, protocol.Stop("", now=True))


@contextlib.contextmanager
def _own_folder() -> Iterator[ServerFolder | None]:
    if not settings.is_supported():
        yield None
        return
    try:
        with ServerFolder.open() as folder:
            yield folder
    except OSError as error:
        raise _unusable(error) from error


def _visit(folder: ServerFolder, request: protocol.Status | protocol.Stop) -> Visit | None:
    connection = folder.connect(_ANSWER_SECONDS)
    if connection is None:
        return None
    with connection, contextlib.ExitStack() as stack:
        pid = protocol.peer_of(connection).pid
        try:
            # Held before anything is said, so that the number cannot be another's meanwhile.
            pidfd = os.pidfd_open(pid)
        except ProcessLookupError:
            return None
        stack.callback(os.close, pidfd)
        state = _ask(connection, request, folder)
        if isinstance(request, protocol.Stop):
            _await_end(pidfd, pid, is_willing=state is not None)
        return Visit(pid, state)


def _ask(
    connection: socket.socket, request: protocol.Request, folder: ServerFolder
) -> protocol.State | None:
    try:
        token = folder.read_token()
        protocol.send(connection, msgspec.structs.replace(request, token=token))
        answer, _ = protocol.receive_answer(connection)
    except (EOFError, OSError, ValueError):
        return None
    return answer if isinstance(answer, protocol.State) else None


def _await_end(pidfd: int, pid: int, *, is_willing: bool) -> None:
    """Wait for a server's end, and make one of it where it does not come; the rest ends with it."""
    if is_willing and _has_ended(pidfd):
        return
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    if not _has_ended(pidfd):
        raise WorkerUnavailableError(
            Text(
                en=f"the server does not end (process {pid})",
                zh=f"后台服务没有退出（进程 {pid}）",
            ),
            hint=Text(
                en="`--no-server` grades without it meanwhile.",
                zh="在此期间可用 `--no-server` 不经由它评分。",
            ),
        )


def _has_ended(pidfd: int) -> bool:
    return bool(select.select([pidfd], [], [], _END_SECONDS)[0])


def _unusable(error: OSError) -> WorkerUnavailableError:
    reason = reason_of(error)
    return WorkerUnavailableError(
        Text(
            en=f"the server's folder cannot be used: {reason.en}",
            zh=f"后台服务的文件夹无法使用：{reason.zh}",
        ),
        hint=Text(
            en="Remove it, or let XDG_RUNTIME_DIR name a folder that is yours alone.",
            zh="请删除它，或用 XDG_RUNTIME_DIR 指定只属于你自己的文件夹。",
        ),
    )
