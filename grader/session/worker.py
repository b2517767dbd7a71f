"""One worker process as the trusted side holds it: its wire, its limits, its end.

Limits are kept here, from outside: a worker that is over its time is killed, whatever it does
with signals, threads or exceptions.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from grader.session.deadline import Deadline
from grader.session.dump import places_in_dump
from grader.session.failures import LossKind, WorkerLost
from grader.session.frame_buffer import FrameBuffer
from grader.session.memory_end import ended_for_memory
from grader.worker import framing, wire

_CHUNK: Final = 65_536
_MAX_COUNTED: Final = 4 * 2**20  # of an endless stream, the rest is a matter of time
_SEND_BYTES: Final = 1_048_576
_DUMP_BYTES: Final = 16_384
_DUMP_WAIT_SECONDS: Final = 0.3
_POLL_SECONDS: Final = 0.25
START_SECONDS: Final = 60.0
"""How long a worker may take to lock itself down; generous, for a loaded machine."""


class ExitStatus(NamedTuple):
    """How a process ended."""

    signal: int
    """0 where it ended by itself."""
    code: int


class Process(Protocol):
    """The operating system's side of a worker."""

    pid: int

    def kill(self) -> None:
        """End it and everything that it started."""
        ...

    def ask_for_traceback(self) -> None:
        """Make the interpreter write where it is."""
        ...

    def wait(self) -> ExitStatus:
        """Wait until it has ended."""
        ...

    def cpu_seconds(self) -> float:
        """Give the processor time that it has used."""
        ...

    def starved_seconds(self) -> float:
        """Give how long it has been ready to run and got no processor; 0 where nobody tells."""
        ...

    def has_ended(self) -> bool:
        """Tell whether it has ended, without waiting."""
        ...

    def was_short_of_memory(self) -> bool:
        """Tell whether the kernel has ended a process for want of memory in its life."""
        ...


class Pipes(NamedTuple):
    """Our ends of what connects us to a worker."""

    connection: socket.socket
    stdout: int
    stderr: int
    dump: int

    def close(self) -> None:
        """Close all of them."""
        self.connection.close()
        for descriptor in self[1:]:
            os.close(descriptor)


class CapturedOutput:
    """What a submission printed, up to a cap for each stream."""

    def __init__(self, cap_bytes: int) -> None:
        """Start empty."""
        self._cap = cap_bytes
        self.streams = {"stdout": bytearray(), "stderr": bytearray()}
        self.truncated_bytes = 0

    def add(self, stream: str, data: bytes) -> None:
        """Keep what fits, count the rest."""
        room = max(0, self._cap - len(self.streams[stream]))
        self.streams[stream] += data[:room]
        self.truncated_bytes = min(self.truncated_bytes + len(data[room:]), _MAX_COUNTED)

    def text(self, stream: str) -> str:
        """Give one stream as text."""
        return self.streams[stream].decode("utf-8", "replace")


class Worker:
    """A live worker that answers one request at a time."""

    def __init__(self, process: Process, pipes: Pipes, output: CapturedOutput) -> None:
        """Take over the process and our ends of its pipes."""
        self._process = process
        self._pipes = pipes
        self._output = output
        self._ended = False
        self.when_at_risk: Callable[[], None] = _do_nothing
        """Called when a request takes long, and when the worker is found lost, before its end is
        waited for: whoever needs another one then has it sooner."""
        self._chunk = bytearray(_CHUNK)
        self.spent_seconds = 0.0
        """What the last request took: processor time, or a third of the wall time if longer."""
        pipes.connection.setblocking(False)  # noqa: FBT003 - the socket's own signature
        self._selector = selectors.DefaultSelector()
        for stream, descriptor in (("stdout", pipes.stdout), ("stderr", pipes.stderr)):
            os.set_blocking(descriptor, False)
            self._selector.register(descriptor, selectors.EVENT_READ, stream)
        os.set_blocking(pipes.dump, False)
        self._selector.register(pipes.connection, selectors.EVENT_READ, "wire")

    @property
    def pid(self) -> int:
        """The number of its process on this machine."""
        return self._process.pid

    def receive_ready(self) -> wire.Ready:
        """Wait for the worker's first message."""
        response, _ = self._receive(time.monotonic(), START_SECONDS, START_SECONDS)
        if not isinstance(response, wire.Ready):
            raise self._lose("crashed", "protocol")
        return response

    def request(
        self,
        request: wire.Request,
        blob: bytes | bytearray,
        cpu_seconds: float,
        begin: wire.Begin | None = None,
    ) -> tuple[wire.Response, bytearray]:
        """Send a request and wait for its response.

        Args:
            request: What is asked.
            blob: The tensor bytes that go with it.
            cpu_seconds: Processor time that the answer may take; and twice as much, but at least
                two seconds, of waiting beside it, so that a busy machine costs nobody a point.
            begin: What goes before the request and is not answered.

        Raises:
            WorkerLost: It was killed for its time, it ended, or it broke the protocol.
        """
        started = time.monotonic()
        wall_seconds = _wall_seconds(cpu_seconds)
        frames = wire.encode(request, blob)
        if begin is not None:
            frames[0] = wire.encode(begin)[0] + frames[0]
        for frame in frames:
            self._send(frame, started + wall_seconds)
        return self._receive(started, cpu_seconds, wall_seconds)

    def post(self, request: wire.Request, blob: bytes = b"") -> None:
        """Send a request whose response will be asked for later, by `collect`.

        Args:
            request: What is asked.
            blob: The bytes that go with it.

        Raises:
            WorkerLost: It ended, or takes nothing.
        """
        for frame in wire.encode(request, blob):
            self._send(frame, time.monotonic() + START_SECONDS)

    def collect(self, cpu_seconds: float) -> wire.Response:
        """Wait for the response to what was posted; its time runs from now.

        Raises:
            WorkerLost: As for `request`.
        """
        response, _ = self._receive(time.monotonic(), cpu_seconds, _wall_seconds(cpu_seconds))
        return response

    def hand_over(self, output: CapturedOutput) -> bool:
        """Give a worker that nobody has used yet to a submission.

        Args:
            output: Takes what it prints from now on.

        Returns:
            Whether it is still alive.
        """
        self._output = output
        return not self._process.has_ended()

    def stop(self) -> None:
        """Have a worker that lives ended, and read what it has printed; `end` completes it."""
        self._process.kill()
        self._drain_output()

    def end(self) -> ExitStatus | None:
        """End the worker, if it has not ended, and close our side."""
        if self._ended:
            return None
        self._ended = True
        self._process.kill()
        status = self._process.wait()
        self._drain_output()
        self._selector.close()
        self._pipes.close()
        return status

    def _send(self, data: bytes | bytearray, deadline: float) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[self._pipes.connection.send(view[:_SEND_BYTES]) :]
            except BlockingIOError:
                self._await_room(deadline)
            except OSError:
                raise self._lose("crashed", "") from None

    def _await_room(self, deadline: float) -> None:
        """Wait until the worker has read some; meanwhile it may be busy printing."""
        self._drain_output()
        if time.monotonic() > deadline:
            raise self._lose("timeout", "")
        with selectors.DefaultSelector() as writable:
            writable.register(self._pipes.connection, selectors.EVENT_WRITE)
            writable.select(_POLL_SECONDS)

    def _receive(
        self, started: float, cpu_seconds: float, wall_seconds: float
    ) -> tuple[wire.Response, bytearray]:
        deadline = Deadline(self._process, started, cpu_seconds, wall_seconds)
        buffer = FrameBuffer(self._chunk)
        while not buffer.complete:
            if deadline.is_over():
                raise self._lose("timeout", f"{cpu_seconds:g}")
            if deadline.takes_long():
                self.when_at_risk()
            for key, _ in self._selector.select(deadline.next_look()):
                if key.data == "wire":
                    self._receive_some(buffer)
                else:
                    self._drain(key.fd, key.data)
        self.spent_seconds = deadline.spent()
        try:
            return wire.decode_response(buffer.header), buffer.blob
        except framing.WireError:
            raise self._lose("crashed", "protocol") from None

    def _receive_some(self, buffer: FrameBuffer) -> None:
        try:
            received = self._pipes.connection.recv_into(buffer.room())
        except BlockingIOError:
            return
        except (framing.WireError, OSError):
            raise self._lose("crashed", "protocol") from None
        if not received:
            raise self._lose("crashed", "")
        try:
            buffer.advance(received)
        except framing.WireError:
            raise self._lose("crashed", "protocol") from None

    def _drain(self, descriptor: int, stream: str) -> bool:
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            with contextlib.suppress(KeyError):
                self._selector.unregister(descriptor)
            return False
        self._output.add(stream, data)
        return True

    def _drain_output(self) -> None:
        """Read what is there now, at most a megabyte a stream."""
        for stream, descriptor in (("stdout", self._pipes.stdout), ("stderr", self._pipes.stderr)):
            for _ in range(16):
                if not self._drain(descriptor, stream):
                    break

    def _lose(self, kind: LossKind, detail: str) -> WorkerLost:
        """End the worker and say how it was lost."""
        self.when_at_risk()
        if kind == "timeout":
            self._process.ask_for_traceback()
            self._await_dump()
        dump = self._read_dump()
        # A closed wire comes shortly before the end: let the process tell its own story.
        if kind == "crashed" and not detail:
            self._await_end()
        dump += self._read_dump()
        status = self.end()
        places = places_in_dump(dump)
        if kind == "timeout" or detail or status is None:
            return WorkerLost(kind, detail, places)
        return self._loss_of(status, places)

    def _loss_of(self, status: ExitStatus, places: tuple[wire.Place, ...]) -> WorkerLost:
        if status.signal == signal.SIGXCPU:
            return WorkerLost("timeout", "", places)
        stderr, was_short = self._output.streams["stderr"], self._process.was_short_of_memory()
        if ended_for_memory(status.signal, was_short=was_short, stderr=stderr):
            return WorkerLost("memory", "", places)
        if status.signal:
            return WorkerLost("crashed", _signal_name(status.signal), places)
        return WorkerLost("crashed", f"exit {status.code}", places)

    def _await_dump(self) -> None:
        with selectors.DefaultSelector() as readable:
            readable.register(self._pipes.dump, selectors.EVENT_READ)
            readable.select(_DUMP_WAIT_SECONDS)
            # The interpreter writes line by line.
            time.sleep(0.02)

    def _await_end(self) -> None:
        deadline = time.monotonic() + 1.0
        while time.monotonic() < deadline and not self._process.has_ended():
            time.sleep(0.005)

    def _read_dump(self) -> str:
        try:
            return os.read(self._pipes.dump, _DUMP_BYTES).decode("utf-8", "replace")
        except BlockingIOError:
            return ""


def _wall_seconds(cpu_seconds: float) -> float:
    return cpu_seconds + max(2 * cpu_seconds, 2.0)


def _do_nothing() -> None:
    """Nobody waits for this worker's end."""


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal has no name
        return f"signal {number}"
