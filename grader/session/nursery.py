"""Starts the nursery process, and speaks to it.

Imports neither torch nor pytest: the command line uses this while the nursery imports torch.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Final, Self

from grader.errors import ManifestError, WorkerUnavailableError
from grader.language import Text
from grader.worker import control

_ENVIRONMENT: Final = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TMPDIR",
    "TZ",
    "LD_LIBRARY_PATH",
    # Where suites find the images that they train on.
    "GRADE_DATA",
    "CUDA_VISIBLE_DEVICES",
    "NVIDIA_VISIBLE_DEVICES",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
    "SYSTEMROOT",
)
"""The variables that a worker may see. Everything else, tokens above all, stays behind."""


INTERPRETER: Final = (sys.executable, "-P", "-s")
"""Isolated like `-I`: no folder of the user's is on the path, and of the environment only what
`worker_environment` lets through is there; `-I` would ignore our own variables too."""


def worker_environment() -> dict[str, str]:
    """Give the environment in which the nursery and its children run."""
    allowed = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return allowed | {
        "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONUTF8": "1",
        # The order of a set of texts is the same in every run.
        "PYTHONHASHSEED": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # Large pages for what torch allocates: forks copy fewer entries, and faults are fewer.
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    }


class ControlClient:
    """Asks a nursery for children; keeps what it says about those that ended."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._exited: dict[int, control.Exited] = {}

    def ask(
        self, request: control.Request, descriptors: Sequence[int] = ()
    ) -> tuple[control.Answer, list[int]]:
        """Send a request and wait for its answer.

        Raises:
            WorkerUnavailableError: The nursery is gone, or refused.
        """
        try:
            control.send(self._connection, request, list(descriptors))
            while True:
                answer, received = control.receive_answer(self._connection)
                if not isinstance(answer, control.Exited):
                    break
                self._exited[answer.pid] = answer
        except (EOFError, OSError) as error:
            raise _gone(error) from error
        if isinstance(answer, control.Refused):
            raise _gone(answer.reason)
        return answer, received

    def wait(self, pid: int) -> control.Exited:
        """Wait until a child that was asked for here has ended and was reaped."""
        while pid not in self._exited:
            try:
                answer, _ = control.receive_answer(self._connection)
            except (EOFError, OSError) as error:
                raise _gone(error) from error
            if isinstance(answer, control.Exited):
                self._exited[answer.pid] = answer
        return self._exited.pop(pid)

    def close(self) -> None:
        """Hang up; the nursery ends what it forked for this client."""
        self._connection.close()


def _gone(reason: object) -> WorkerUnavailableError:
    return WorkerUnavailableError(
        Text(
            en=f"the process that starts workers is gone: {reason or 'it ended'}",
            zh=f"负责启动评分进程的程序已退出：{reason or '原因未知'}",
        ),
        hint=Text(
            en="Run `grade` once more; if it happens again, look whether memory is short.",
            zh="请重新运行 `grade`；如果再次出现，请检查内存是否不足。",
        ),
    )


def _start(module: str, *words: str) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start a module of ours in a new interpreter, and keep our end of a connection to it."""
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*INTERPRETER, "-m", module, *words, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=worker_environment(),
                stdin=subprocess.DEVNULL,
                # A group of its own: Ctrl-C at the terminal is for the command line to handle.
                start_new_session=True,
            )
        except OSError as error:
            ours.close()
            raise _gone(error) from error
    return ours, process


class Nursery:
    """A running nursery. Ends with the `with` block, and all that it forked with it."""

    def __init__(self) -> None:
        ours, self._process = _start("grader.worker", "nursery")
        self._connection = ours
        self._client = ControlClient(ours)
        self._is_importing = False

    def preload(self, modules: Sequence[str], *, for_many: bool = False) -> None:
        """Wait until torch and these modules are imported.

        Args:
            modules: What to import beside torch.
            for_many: Whether many workers will be forked: then a second is spent so that each
                costs less.

        Raises:
            ManifestError: One of them cannot be imported.
        """
        self._is_importing = True
        answer, _ = self._client.ask(control.Preload(tuple(modules), for_many))
        self._is_importing = False
        failed = answer.failed if isinstance(answer, control.Prepared) else {}
        if failed:
            names = "; ".join(f"{name}: {reason}" for name, reason in failed.items())
            raise ManifestError(
                Text(
                    en=f"`preload` names what cannot be imported: {names}",
                    zh=f"`preload` 中有无法导入的模块：{names}",
                ),
                hint=Text(
                    en="Correct it in exercise.toml, or install what is missing.",
                    zh="请修改 exercise.toml，或安装缺少的库。",
                ),
            )

    def start_trusted(self, entry: str, scratch: str = "") -> socket.socket:
        """Fork a process of our own that runs `entry` ("module:function").

        Args:
            entry: What it runs.
            scratch: A folder that the nursery removes where this process is killed.

        Returns:
            The job socket: our end of it.
        """
        request = control.ForkTrusted(entry, scratch=scratch)
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                _, descriptors = self._client.ask(request, [theirs.fileno()])
        except BaseException:
            ours.close()
            raise
        for descriptor in descriptors:
            os.close(descriptor)
        return ours

    def admit(self, connection: socket.socket) -> None:
        """Let the nursery serve one more control connection: this end of it.

        Raises:
            WorkerUnavailableError: The nursery is gone.
        """
        self._client.ask(control.Admit(), [connection.fileno()])

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the nursery and wait for it; not for torch, if it is still imported."""
        self._client.close()
        if self._is_importing:
            # It does not listen meanwhile, and has no children yet.
            self._process.kill()
        _end(self._process)

    def __enter__(self) -> Self:
        """Give the nursery itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.close()


@contextlib.contextmanager
def fresh_examiner() -> Iterator[socket.socket]:
    """Start an examiner as an interpreter of its own, and end it with the block.

    Yields:
        The job socket: our end of it.
    """
    ours, process = _start("grader.session.examiner")
    with ours:
        try:
            yield ours
        finally:
            ours.close()
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process whose connection is closed, and end it where it does not end itself."""
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()
