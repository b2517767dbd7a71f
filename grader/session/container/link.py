"""One running container: its program, the tunnel into it, and the workers at the other end."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from grader.errors import SandboxError
from grader.language import Text
from grader.session.container.engine import (
    ContainerSettings,
    explain_start,
    other_sources,
    remove_command,
    run_command,
)
from grader.session.worker import ExitStatus
from grader.session.workers import close_all
from grader.worker import tunnel
from grader.worker.gateway import digest_of_sources
from grader.worker.policy import Policy

_START_SECONDS: Final = 120.0
_PRELOAD_SECONDS: Final = 300.0
_ANSWER_SECONDS: Final = 60.0
_END_SECONDS: Final = 5.0
_PUMP_SECONDS: Final = 1.0
_KEPT_WORDS: Final = 4_096


class ContainerLink:
    """A container and what is known of its workers. Safe to ask from one thread.

    A thread of its own carries what goes through the tunnel.
    """

    def __init__(self, settings: ContainerSettings, policy: Policy) -> None:
        """Start a container and wait until its nursery is there.

        Raises:
            SandboxError: It does not start; the hint says what to do.
        """
        self.policy = policy
        self.is_lost = False
        self.gateway_pid = 0
        self._settings = settings
        self._name = f"torchgrade-{secrets.token_hex(6)}"
        self._changed = threading.Condition()
        self._acts: deque[Callable[[], None]] = deque()
        self._hello: tunnel.Hello | None = None
        self._prepared: tunnel.Prepared | None = None
        self._pids: dict[int, int] = {}
        self._refused: dict[int, str] = {}
        self._cpu_seconds: dict[int, float] = {}
        self._exits: dict[int, tunnel.Exited] = {}
        self._workers = 0
        self._words = bytearray()
        self._is_open = True
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the engine that was asked for
                run_command(settings, self._name, policy),
                env=dict(settings.environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise explain_start(settings, str(error)) from error
        self._start_thread()
        self._await_hello()

    def _start_thread(self) -> None:
        source, sink, errors = self._process.stdout, self._process.stdin, self._process.stderr
        assert source is not None  # noqa: S101 - all three were asked for
        assert sink is not None  # noqa: S101 - as above
        assert errors is not None  # noqa: S101 - as above
        self._tunnel = tunnel.Tunnel(source.fileno(), sink.fileno(), self._hear)
        wake, self._wake = os.pipe()
        os.set_blocking(errors.fileno(), False)
        self._tunnel.watch(wake, lambda: self._do_acts(wake))
        self._tunnel.watch(errors.fileno(), lambda: self._hear_words(errors.fileno()))
        self._thread = threading.Thread(target=self._run, args=[wake], daemon=True)
        self._thread.start()

    def _await_hello(self) -> None:
        self._await(lambda: self._hello is not None, _START_SECONDS)
        if self._hello is None:
            self.close()
            raise explain_start(self._settings, self._words.decode("utf-8", "replace"))
        if self._hello.sources != digest_of_sources():
            self.close()
            raise other_sources(self._settings)
        self.gateway_pid = self._hello.pid

    def preload(self, modules: Sequence[str]) -> None:
        """Have modules imported before workers are forked.

        Raises:
            SandboxError: One of them is not in the image, or the container is lost.
        """
        self._prepared = None
        self._act(lambda: self._tunnel.send(tunnel.Preload(tuple(modules))))
        self._await(lambda: self._prepared is not None, _PRELOAD_SECONDS)
        failed = self._failed_imports()
        if failed:
            names = "; ".join(f"{name}: {reason}" for name, reason in failed.items())
            raise SandboxError(
                Text(
                    en=f"the image {self._settings.image} cannot load what is needed: {names}",
                    zh=f"镜像 {self._settings.image} 无法加载所需的库：{names}",
                )
            )

    def _failed_imports(self) -> dict[str, str]:
        return {"container": "lost"} if self._prepared is None else self._prepared.failed

    def launch(self, policy: Policy, descriptors: Sequence[int]) -> int | None:
        """Fork a worker.

        Args:
            policy: What it may do.
            descriptors: For its streams, as `tunnel.STREAMS` has them; the link closes them.

        Returns:
            Its number here; None where none could be forked.
        """
        self._workers += 1
        worker = self._workers

        def act() -> None:
            for stream, descriptor in zip(tunnel.STREAMS, descriptors, strict=True):
                self._tunnel.attach(worker, stream, descriptor, reads=stream == "wire")
            self._tunnel.send(tunnel.Launch(worker, policy))

        if not self._act(act):
            close_all(descriptors)
            return None
        self._await(lambda: worker in self._pids or worker in self._refused, _ANSWER_SECONDS)
        return worker if worker in self._pids else None

    def pid_of(self, worker: int) -> int:
        """Give the number that a worker's process has in the container."""
        return self._pids[worker]

    def cpu_seconds(self, worker: int) -> float:
        """Give the processor time that a worker had used when it was last heard of."""
        return self._cpu_seconds.get(worker, 0.0)

    def send(self, message: tunnel.Signal) -> None:
        """End a worker, or have it write where it is."""
        self._act(lambda: self._tunnel.send(message))

    def has_ended(self, worker: int) -> bool:
        """Tell whether a worker has ended, as far as is known."""
        return self.is_lost or worker in self._exits

    def was_short_of_memory(self, worker: int) -> bool:
        """Tell whether memory ran short in a worker's life."""
        return worker in self._exits and self._exits[worker].was_short_of_memory

    def wait(self, worker: int) -> ExitStatus:
        """Wait until a worker has ended; one whose container is lost was killed."""
        self._await(lambda: worker in self._exits, _ANSWER_SECONDS)
        if worker not in self._exits:
            self.close()
            return ExitStatus(signal.SIGKILL, 0)
        # What it said is with whoever asks, or will not be read any more.
        self._act(lambda: self._tunnel.forget(worker))
        status = self._exits[worker].status
        if os.WIFSIGNALED(status):
            return ExitStatus(os.WTERMSIG(status), 0)
        return ExitStatus(0, os.waitstatus_to_exitcode(status))

    def close(self) -> None:
        """End the container, and remove it where it does not go by itself."""
        self._is_open = False
        self._act(lambda: None)
        self._thread.join(_END_SECONDS)
        is_clean = False
        with contextlib.suppress(subprocess.TimeoutExpired):
            is_clean = self._process.wait(_END_SECONDS) == 0
        if is_clean:
            return
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(  # noqa: S603 - the engine that was asked for
                remove_command(self._settings, self._name),
                env=dict(self._settings.environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=4 * _END_SECONDS,
                check=False,
            )

    def _await(self, is_so: Callable[[], bool], seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: is_so() or self.is_lost, seconds)

    def _act(self, act: Callable[[], None]) -> bool:
        """Have the thread do something with the tunnel, and say whether it is there to do so."""
        with self._changed:
            if not self.is_lost:
                self._acts.append(act)
                os.write(self._wake, b"\0")
            return not self.is_lost

    def _do_acts(self, wake: int) -> None:
        os.read(wake, 4096)
        while self._acts:
            self._acts.popleft()()

    def _run(self, wake: int) -> None:
        """Carry messages until the container or the examiner is gone."""
        with contextlib.suppress(tunnel.TunnelError):
            while self._is_open and self._tunnel.pump(_PUMP_SECONDS):
                pass
        with self._changed:
            self.is_lost = True
            # A worker that was about to be launched has descriptors to be closed.
            while self._acts:
                self._acts.popleft()()
            self._tunnel.close()
            os.close(wake)
            os.close(self._wake)
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                with contextlib.suppress(OSError):
                    assert pipe is not None  # noqa: S101 - see above
                    pipe.close()
            self._changed.notify_all()

    def _hear_words(self, descriptor: int) -> None:
        with contextlib.suppress(BlockingIOError):
            data = os.read(descriptor, _KEPT_WORDS)
            self._words = (self._words + data)[-_KEPT_WORDS:]
            if not data:
                self._tunnel.ignore(descriptor)

    def _hear(self, message: tunnel.Message) -> None:
        with self._changed:
            if isinstance(message, tunnel.Hello):
                self._hello = message
            elif isinstance(message, tunnel.Prepared):
                self._prepared = message
            elif isinstance(message, tunnel.Launched) and message.worker <= self._workers:
                self._pids[message.worker] = message.pid
            elif isinstance(message, tunnel.Refused):
                self._refused[message.worker] = message.reason
                self._tunnel.forget(message.worker)
            elif isinstance(message, tunnel.CpuTime) and message.worker in self._pids:
                self._cpu_seconds[message.worker] = message.seconds
            elif isinstance(message, tunnel.Exited) and message.worker in self._pids:
                self._exits[message.worker] = message
            self._changed.notify_all()
