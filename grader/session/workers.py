"""Where workers come from: forked by a nursery, or each a fresh interpreter."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

import msgspec
import psutil

from grader.errors import WorkerUnavailableError
from grader.language import Text, text
from grader.session.cpu_clock import CpuClock, cpu_clock_of, starved_seconds
from grader.session.failures import WorkerLost
from grader.session.nursery import INTERPRETER, ControlClient, worker_environment
from grader.session.worker import CapturedOutput, ExitStatus, Pipes, Worker
from grader.worker import control, wire
from grader.worker.oom_kills import count_oom_kills
from grader.worker.policy import Policy

_SENT_NOTHING: Final = Text(
    en="what starts workers sent none", zh="负责启动评分进程的程序没有给出进程"
)


class Workers(Protocol):
    """Where workers come from."""

    def launch(self, policy: Policy, output: CapturedOutput) -> Worker:
        """Start a worker, and do not wait until it has locked itself down.

        Raises:
            WorkerUnavailableError: None can be had.
        """
        ...


def start_worker(
    workers: Workers, policy: Policy, output: CapturedOutput
) -> tuple[Worker, wire.Ready]:
    """Start a worker that has locked itself down.

    Raises:
        WorkerUnavailableError: None can be had.
    """
    worker = workers.launch(policy, output)
    return worker, await_ready(worker)


def await_ready(worker: Worker) -> wire.Ready:
    """Wait until a worker that was launched has locked itself down.

    Raises:
        WorkerUnavailableError: It did not come to that.
    """
    try:
        return worker.receive_ready()
    except WorkerLost as error:
        raise _no_worker(text(str(error))) from error
    except BaseException:
        worker.end()
        raise


class ForkedWorkers:
    """Workers forked from a nursery."""

    def __init__(self, connection: socket.socket) -> None:
        """Take the control socket."""
        self._client = ControlClient(connection)

    def launch(self, policy: Policy, output: CapturedOutput) -> Worker:
        """Fork a worker."""
        with _pipes_for_start() as (ours, theirs):
            answer, received = self._client.ask(control.ForkWorker(policy), theirs)
            if not isinstance(answer, control.Forked) or len(received) != 1:
                close_all(received)
                raise _no_worker(_SENT_NOTHING)
            process = _ForkedProcess(answer.pid, received[0], self._client)
        return Worker(process, ours, output)


class _LocalProcess:
    """What is known of a process of this machine by its number."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.cpu_seconds: CpuClock = cpu_clock_of(pid)
        self._oom_kills = count_oom_kills()

    def starved_seconds(self) -> float:
        return starved_seconds(self.pid)

    def has_ended(self) -> bool:
        try:
            return psutil.Process(self.pid).status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
        except psutil.Error:
            return True

    def was_short_of_memory(self) -> bool:
        return count_oom_kills() > self._oom_kills


class _ForkedProcess(_LocalProcess):
    def __init__(self, pid: int, pidfd: int, client: ControlClient) -> None:
        super().__init__(pid)
        self._pidfd = pidfd
        self._client = client

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def ask_for_traceback(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGUSR1)

    def wait(self) -> ExitStatus:
        exited = self._client.wait(self.pid)
        os.close(self._pidfd)
        if os.WIFSIGNALED(exited.status):
            return ExitStatus(os.WTERMSIG(exited.status), 0)
        return ExitStatus(0, os.waitstatus_to_exitcode(exited.status))


class FreshWorkers:
    """Workers that are each an interpreter of their own, where forking is not safe."""

    def launch(self, policy: Policy, output: CapturedOutput) -> Worker:
        """Start an interpreter, which then imports torch."""
        with _pipes_for_start() as (ours, theirs):
            command = [*INTERPRETER, "-m", "grader.worker", "worker"]
            command += [str(descriptor) for descriptor in theirs]
            command.append(msgspec.json.encode(policy).decode())
            try:
                Path(policy.scratch).mkdir(mode=0o700, parents=True, exist_ok=True)
                child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    command,
                    pass_fds=theirs,
                    env=worker_environment(),
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError as error:
                raise _no_worker(text(str(error))) from error
        return Worker(_FreshProcess(child), ours, output)


class _FreshProcess(_LocalProcess):
    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        super().__init__(child.pid)
        self._child = child

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def ask_for_traceback(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            self._child.send_signal(signal.SIGUSR1)

    def wait(self) -> ExitStatus:
        code = self._child.wait()
        return ExitStatus(-code, 0) if code < 0 else ExitStatus(0, code)


def make_pipes() -> tuple[Pipes, list[int]]:
    """Make our ends, and the four descriptors that the worker gets."""
    ours, theirs = socket.socketpair()
    pairs = [os.pipe() for _ in range(3)]
    return Pipes(ours, *(read for read, _ in pairs)), [
        theirs.detach(),
        *(write for _, write in pairs),
    ]


@contextlib.contextmanager
def _pipes_for_start() -> Iterator[tuple[Pipes, list[int]]]:
    """Make pipes; the worker's ends are closed with the block, and ours too where it fails."""
    ours, theirs = make_pipes()
    try:
        yield ours, theirs
    except BaseException:
        ours.close()
        raise
    finally:
        close_all(theirs)


def close_all(descriptors: Sequence[int]) -> None:
    """Close descriptors."""
    for descriptor in descriptors:
        os.close(descriptor)


def _no_worker(reason: Text) -> WorkerUnavailableError:
    return WorkerUnavailableError(
        Text(
            en=f"no process could be started for the submission: {reason.en}",
            zh=f"无法为提交的代码启动进程：{reason.zh}",
        ),
        hint=Text(
            en="`grade doctor` and `--sandbox auto` show what this machine lacks.",
            zh="请用 `grade doctor` 或 `--sandbox auto` 查看本机缺少什么。",
        ),
    )
