"""What runs first in a container: a nursery like any other, reached through standard input.

It holds nothing that is worth anything: no suite, no solution, no seed. It passes on what its
workers and the examiner say to each other, and tells how long the workers run. When its input
ends, all of it ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import msgspec

from grader.worker import control, kernel, tunnel
from grader.worker.oom_kills import count_oom_kills

_TICK_SECONDS: Final = 0.1
_PATIENCE_SECONDS: Final = 5.0
_PER_PROCESS_CLOCK: Final = 2
"""`CPUCLOCK_SCHED` of Linux' include/linux/posix-timers.h."""


def digest_of_sources() -> str:
    """Digest the code of the untrusted side: both ends of a tunnel must have the same."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


class _Child:
    """A worker that was forked here."""

    def __init__(self, pid: int, pidfd: int) -> None:
        self.pid = pid
        self.pidfd = pidfd
        self.oom_kills = count_oom_kills()

    def cpu_seconds(self) -> float:
        try:
            return time.clock_gettime((~self.pid << 3) | _PER_PROCESS_CLOCK)
        except OSError:
            return 0.0


class Gateway:
    """Serves one examiner."""

    def __init__(self, source: int, sink: int, nursery: socket.socket, scratch: str) -> None:
        """Take both ways out.

        Args:
            source: Where the examiner's messages come from.
            sink: Where ours go to.
            nursery: Forks the workers.
            scratch: The folder in which they get theirs.
        """
        self._nursery = nursery
        self._scratch = scratch
        self._asked: list[int] = []
        """The workers that the nursery was asked for and has not answered about."""
        self._children: dict[int, _Child] = {}
        self._tunnel = tunnel.Tunnel(source, sink, self._handle)
        self._tunnel.watch(nursery.fileno(), self._hear_nursery)
        self._tunnel.send(tunnel.Hello(os.getpid(), digest_of_sources()))
        self._is_open = True

    def run(self) -> None:
        """Serve until the input ends."""
        while self._is_open and self._tunnel.pump(_TICK_SECONDS):
            for worker, child in self._children.items():
                self._tunnel.send(tunnel.CpuTime(worker, child.cpu_seconds()))

    def _handle(self, message: tunnel.Message) -> None:
        if isinstance(message, tunnel.Preload):
            control.send(self._nursery, control.Preload(message.modules), [])
        elif isinstance(message, tunnel.Launch):
            self._launch(message)
        elif isinstance(message, tunnel.Signal) and message.worker in self._children:
            number = signal.SIGKILL if message.kind == "kill" else signal.SIGUSR1
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._children[message.worker].pidfd, number)

    def _launch(self, message: tunnel.Launch) -> None:
        ours, theirs = socket.socketpair()
        pairs = [os.pipe() for _ in range(3)]
        place = os.path.join(self._scratch, os.path.basename(message.policy.scratch))
        policy = msgspec.structs.replace(message.policy, scratch=place)
        with theirs:
            descriptors = [theirs.fileno(), *(write for _, write in pairs)]
            control.send(self._nursery, control.ForkWorker(policy), descriptors)
        for _, write in pairs:
            os.close(write)
        ends = (ours.detach(), *(read for read, _ in pairs))
        for stream, descriptor in zip(tunnel.STREAMS, ends, strict=True):
            self._tunnel.attach(message.worker, stream, descriptor, reads=True)
        self._asked.append(message.worker)

    def _hear_nursery(self) -> None:
        try:
            answer, descriptors = control.receive_answer(self._nursery)
        except (EOFError, OSError):
            self._is_open = False
            return
        if isinstance(answer, control.Prepared):
            failed = {name[:200]: reason[:1000] for name, reason in answer.failed.items()}
            self._tunnel.send(tunnel.Prepared(failed))
        elif isinstance(answer, control.Forked):
            worker = self._asked.pop(0)
            self._children[worker] = _Child(answer.pid, descriptors[0])
            self._tunnel.send(tunnel.Launched(worker, answer.pid))
        elif isinstance(answer, control.Refused):
            worker = self._asked.pop(0)
            self._tunnel.forget(worker)
            self._tunnel.send(tunnel.Refused(worker, answer.reason[:1000]))
        elif isinstance(answer, control.Exited):
            self._note_exit(answer)

    def _note_exit(self, exited: control.Exited) -> None:
        worker = next(key for key, child in self._children.items() if child.pid == exited.pid)
        child = self._children.pop(worker)
        os.close(child.pidfd)
        self._tunnel.flush_worker(worker)
        self._tunnel.forget(worker)
        self._tunnel.send(tunnel.CpuTime(worker, exited.cpu_seconds))
        was_short = count_oom_kills() > child.oom_kills
        self._tunnel.send(tunnel.Exited(worker, exited.status, was_short))


def main(scratch: str) -> None:
    """Serve standard input and output."""
    source, sink = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    # What a library prints must not get between the messages.
    os.dup2(2, 1)
    with contextlib.suppress(kernel.UnsupportedError, OSError):
        kernel.control_process(kernel.PR_SET_DUMPABLE, 0)
    ours, theirs = socket.socketpair()
    # Its own interpreter, with the options of this one.
    command = [sys.executable, "-P", "-s", "-m", "grader.worker", "nursery", str(theirs.fileno())]
    with theirs:
        nursery = subprocess.Popen(command, pass_fds=[theirs.fileno()])  # noqa: S603 - see above
    try:
        Gateway(source, sink, ours, scratch).run()
    finally:
        ours.close()
        try:
            nursery.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            nursery.kill()
