"""The command line's end of the server; where there is none, a nursery of its own.

Whatever goes wrong with the server, the grading goes on: without it, from the start if need be.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Self

import msgspec

from grader.errors import WorkerUnavailableError
from grader.language import Text, default_language
from grader.server import protocol, settings
from grader.server.fingerprint import fingerprint
from grader.server.folder import ServerFolder
from grader.server.start import reason_of, start_server
from grader.session import jobs
from grader.session.client import ExaminerClient, start_examiner
from grader.session.nursery import worker_environment
from grader.session.scratch import scratch_folder
from grader.worker.removal import remove_tree

__all__ = ["ServedExaminer", "Tell", "open_examiner"]

Tell = Callable[[Text], None]
Later = Callable[[], Iterable[str]]

_ANSWER_SECONDS: Final = 5.0
"""A server that lives answers at once; a machine that swaps may take a while."""
_ATTEMPTS: Final = 3


_REFUSALS: Final = {
    "busy": Text(en="it serves too many at once", zh="它同时服务的评分太多"),
    "preload": Text(en="it cannot import what is needed", zh="它无法导入所需的模块"),
    "broken": Text(en="it broke", zh="它自身出错"),
}
_ENDS: Final = Text(en="it ends as soon as it starts", zh="它一启动就退出")
_DEAF: Final = Text(en="it does not listen", zh="它没有响应连接")


class NoServerError(Exception):
    """There is no server to be had."""

    def __init__(self, said: Text) -> None:
        """Say why, in both languages."""
        super().__init__(said.en)
        self.said = said


@contextlib.contextmanager
def open_examiner(
    preload: Sequence[str],
    *,
    use_server: bool,
    later: Later = tuple,
    tell: Tell | None = None,
) -> Iterator[ExaminerClient]:
    """Get an examiner, from the server where that is possible; it ends with the block.

    A server is started where none runs. What the examiner finds is the same either way.

    Args:
        preload: Modules that workers are given, beside torch.
        use_server: Whether to try.
        later: Names modules that other exercises need; a server that is started here imports
            them in a quiet moment.
        tell: Is told in a sentence why grading goes on without the server; stderr by default.

    Raises:
        UsageError: The variable for the server's idle time holds no time.
        WorkerUnavailableError: No process can be had.
    """
    tell = tell or _tell_stderr
    with contextlib.ExitStack() as stack:
        if use_server and settings.is_supported():
            idle_seconds = settings.idle_seconds()
            scratch = stack.enter_context(scratch_folder())
            try:
                session = _Session(preload, scratch, later, idle_seconds)
            except (NoServerError, OSError, EOFError, ValueError) as error:
                tell(_without(error))
            else:
                yield stack.enter_context(ServedExaminer(session, preload, scratch, tell))
                return
        yield stack.enter_context(start_examiner(preload))


class ServedExaminer(ExaminerClient):
    """An examiner of the server's; one of our own takes over if it is lost."""

    def __init__(
        self, session: _Session, preload: Sequence[str], scratch: Path, tell: Tell
    ) -> None:
        """Take the session over."""
        super().__init__(session.job)
        self._session = session
        self._preload = preload
        self._scratch = scratch
        self._tell = tell
        self._own: ExaminerClient | None = None
        self._stack = contextlib.ExitStack()

    def ask(self, request: jobs.Request, timeout_seconds: float | None = None) -> jobs.Answer:
        """Send a request and wait for its answer. See `ExaminerClient.ask`."""
        if self._own is None:
            try:
                return super().ask(request, timeout_seconds)
            except WorkerUnavailableError as error:
                if isinstance(error.__cause__, TimeoutError):
                    raise
                self._go_on_without()
        assert self._own is not None  # noqa: S101 - that is what going on without means
        return self._own.ask(request, timeout_seconds)

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give the folder in which the workers of one job get theirs; the server knows it."""
        self._scratch.mkdir(mode=0o711, exist_ok=True)
        try:
            yield self._scratch
        finally:
            _empty(self._scratch)

    def close(self) -> None:
        """Hang up; the examiner ends."""
        self._stack.close()
        super().close()
        self._session.close()

    def _go_on_without(self) -> None:
        self._tell(_LOST)
        _empty(self._scratch)
        self._own = self._stack.enter_context(start_examiner(self._preload))

    def __enter__(self) -> Self:
        """Give the examiner itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let it end."""
        self.close()


class _Session:
    """Our connection to the server, and the job socket that it gave us."""

    def __init__(
        self, preload: Sequence[str], scratch: Path, later: Later, idle_seconds: float
    ) -> None:
        environment = worker_environment()
        request = protocol.Open(
            token="",
            fingerprint=fingerprint(environment),
            preload=tuple(preload),
            scratch=str(scratch),
            folder=str(Path.cwd()),
            environment=environment,
        )
        with ServerFolder.open() as folder:
            self._connection, self.job = _open_session(folder, request, later, idle_seconds)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def _open_session(
    folder: ServerFolder, request: protocol.Open, later: Later, idle_seconds: float
) -> tuple[socket.socket, socket.socket]:
    """Find a server that is made of the same as we are, start one if need be, and ask it."""
    reason = _ENDS
    for _ in range(_ATTEMPTS):
        connection = folder.connect(_ANSWER_SECONDS)
        if connection is None:
            start_server(request.fingerprint, request.environment, idle_seconds)
            request = msgspec.structs.replace(request, later=tuple(later()))
            connection = _connect_to_new(folder)
        with contextlib.ExitStack() as stack:
            stack.enter_context(connection)
            try:
                answer, descriptors = _ask(connection, request, folder)
            except (EOFError, ConnectionError, FileNotFoundError):
                # It was just leaving.
                continue
            if isinstance(answer, protocol.Opened) and len(descriptors) == 1:
                stack.pop_all()
                return connection, socket.socket(fileno=descriptors[0])
        if isinstance(answer, protocol.Refused):
            reason = _refusal(answer)
            if answer.why in ("busy", "preload"):
                break
    raise NoServerError(reason)


def _connect_to_new(folder: ServerFolder) -> socket.socket:
    """Connect to a server that has just been started, maybe by somebody else."""
    deadline = time.monotonic() + _ANSWER_SECONDS
    while time.monotonic() < deadline:
        if connection := folder.connect(_ANSWER_SECONDS):
            return connection
        time.sleep(0.01)
    raise NoServerError(_DEAF)


def _refusal(answer: protocol.Refused) -> Text:
    said = _REFUSALS.get(answer.why, _ENDS)
    detail = f" ({answer.detail})" if answer.detail else ""
    return Text(en=said.en + detail, zh=said.zh + detail)


def _ask(
    connection: socket.socket, request: protocol.Open, folder: ServerFolder
) -> tuple[protocol.Answer, list[int]]:
    protocol.send(connection, msgspec.structs.replace(request, token=folder.read_token()))
    answer, descriptors = protocol.receive_answer(connection)
    if isinstance(answer, protocol.Welcome):
        # It lives, and imports what is missing: that takes as long as it takes.
        connection.settimeout(None)
        answer, descriptors = protocol.receive_answer(connection)
    return answer, descriptors


def _empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for path in list(folder.iterdir()):
            if path.is_dir() and not path.is_symlink():
                remove_tree(str(path))
            else:
                path.unlink()


def _tell_stderr(text: Text) -> None:
    sys.stderr.write(f"{text.to(default_language())}\n")


def _without(error: Exception) -> Text:
    if isinstance(error, TimeoutError):
        return _SILENT
    reason = reason_of(error)
    return Text(
        en=f"Grading without the warm server: {reason.en}. `--no-server` does not look for it.",
        zh=f"不使用后台服务评分：{reason.zh}。`--no-server` 可跳过它。",
    )


_SILENT: Final = Text(
    en="Grading without the warm server, which does not answer. `grade server stop` ends it.",
    zh="后台服务没有响应，将不使用它评分。`grade server stop` 可以结束它。",
)
_LOST: Final = Text(
    en="The warm server ended; grading goes on without it.",
    zh="后台服务已退出；将不使用它继续评分。",
)
