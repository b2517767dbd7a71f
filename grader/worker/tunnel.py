"""Many streams of bytes through one pair of pipes: how workers in a container are reached.

A message is a u32 length and a msgpack body. Of each stream no more than a window is on its way at
a time, so that one which nobody reads takes bounded memory and holds up no other; both ends are
the same class. What comes out of a container is not trusted: messages are typed and capped.
"""

from __future__ import annotations

import contextlib
import os
import select
import struct
from collections.abc import Callable
from typing import Annotated, Final, Literal

import msgspec

from grader.worker.policy import Policy

WINDOW: Final = 1024 * 1024
_CHUNK: Final = 64 * 1024
_MAX_BODY: Final = 1024 * 1024
_LENGTH: Final = struct.Struct(">I")
_GONE: Final = select.POLLERR | select.POLLHUP | select.POLLNVAL

Stream = Literal["wire", "stdout", "stderr", "dump"]
STREAMS: Final[tuple[Stream, ...]] = ("wire", "stdout", "stderr", "dump")
"""What connects to one worker: requests and answers, its output, tracebacks of its end."""
Piece = Annotated[bytes, msgspec.Meta(max_length=_CHUNK)]
Words = Annotated[str, msgspec.Meta(max_length=4_000)]


class TunnelError(Exception):
    """The other end broke the protocol."""


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=str.lower):
    """Base of what goes through a tunnel."""


class Data(_Message, frozen=True):
    """Bytes of one stream."""

    worker: int
    stream: Stream
    data: Piece


class End(_Message, frozen=True):
    """No more of this stream will come."""

    worker: int
    stream: Stream


class Taken(_Message, frozen=True):
    """So many bytes of a stream have been handed on."""

    worker: int
    stream: Stream
    count: Annotated[int, msgspec.Meta(ge=1, le=WINDOW)]


class Preload(_Message, frozen=True):
    """Import modules before anything is forked. Answered by `Prepared`."""

    modules: tuple[str, ...]


class Launch(_Message, frozen=True):
    """Fork a worker. Answered by `Launched` or `Refused`."""

    worker: int
    policy: Policy
    """Its scratch is a name within the folder for scratch of the other side."""


class Signal(_Message, frozen=True):
    """End a worker, or have it write where it is."""

    worker: int
    kind: Literal["kill", "traceback"]


class Hello(_Message, frozen=True):
    """The container is up."""

    pid: int
    sources: Words
    """Digest of the code of `grader.worker` over there."""


class Prepared(_Message, frozen=True):
    """The modules are imported."""

    failed: dict[Words, Words]


class Launched(_Message, frozen=True):
    """A worker was forked."""

    worker: int
    pid: int


class Refused(_Message, frozen=True):
    """A worker could not be forked."""

    worker: int
    reason: Words


class CpuTime(_Message, frozen=True):
    """How much processor time a worker has used by now."""

    worker: int
    seconds: Annotated[float, msgspec.Meta(ge=0)]


class Exited(_Message, frozen=True):
    """A worker has ended; what it had printed was sent before."""

    worker: int
    status: int
    """As `os.waitpid` gives it."""
    was_short_of_memory: bool
    """Whether the kernel has ended a process for want of memory meanwhile."""


Message = (
    Data
    | End
    | Taken
    | Preload
    | Launch
    | Signal
    | Hello
    | Prepared
    | Launched
    | Refused
    | CpuTime
    | Exited
)

_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final[msgspec.msgpack.Decoder[Message]] = msgspec.msgpack.Decoder(Message)


def frame(message: Message) -> bytes:
    """Write a message as it is sent."""
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


class _Channel:
    """One stream as this end has it."""

    def __init__(self, descriptor: int, *, reads: bool) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self.reads = reads
        self.on_way = 0
        """Bytes that were sent and not taken yet."""
        self.pending = bytearray()
        """Bytes that came and could not be handed on yet."""
        self.has_ended = False
        """Whether the other end sends no more."""

    @property
    def events(self) -> int:
        wanted = select.POLLIN if self.reads and self.on_way < WINDOW else 0
        return wanted | (select.POLLOUT if self.pending else 0)


class Tunnel:
    """One end of a tunnel; used by one thread."""

    def __init__(self, source: int, sink: int, handle: Callable[[Message], None]) -> None:
        """Take the pipes; they stay the caller's to close.

        Args:
            source: Where messages come from.
            sink: Where messages go to.
            handle: Called with every message that is not about a stream.
        """
        os.set_blocking(source, False)
        os.set_blocking(sink, False)
        self._source = source
        self._sink = sink
        self._handle = handle
        self._incoming = bytearray()
        self._outgoing = bytearray()
        self._channels: dict[tuple[int, Stream], _Channel] = {}
        self._watched: dict[int, Callable[[], None]] = {}

    def attach(self, worker: int, stream: Stream, descriptor: int, *, reads: bool) -> None:
        """Join a stream to a descriptor, which the tunnel closes from now on.

        Args:
            worker: The worker's number in this tunnel.
            stream: One of its streams.
            descriptor: What comes is written to it.
            reads: Whether what can be read from it is sent.
        """
        self._channels[worker, stream] = _Channel(descriptor, reads=reads)

    def watch(self, descriptor: int, act: Callable[[], None]) -> None:
        """Call a function whenever something can be read from a descriptor."""
        self._watched[descriptor] = act

    def ignore(self, descriptor: int) -> None:
        """Watch a descriptor no longer."""
        self._watched.pop(descriptor, None)

    def send(self, message: Message) -> None:
        """Put a message in the queue."""
        self._outgoing += frame(message)

    def flush_worker(self, worker: int) -> None:
        """Send what its streams hold now, as far as the window goes."""
        for stream in STREAMS:
            channel = self._channels.get((worker, stream))
            while channel is not None and channel.reads and channel.on_way < WINDOW:
                if not self._read_channel(worker, stream, channel):
                    break

    def forget(self, worker: int) -> None:
        """Close the streams of a worker; what still comes for it is dropped."""
        for stream in STREAMS:
            channel = self._channels.pop((worker, stream), None)
            if channel is not None:
                os.close(channel.descriptor)

    def close(self) -> None:
        """Close the streams of all workers."""
        for worker, _ in list(self._channels):
            self.forget(worker)

    def pump(self, timeout_seconds: float) -> bool:
        """Carry what there is, or wait for it.

        Returns:
            Whether the other end is still there.

        Raises:
            TunnelError: It broke the protocol.
        """
        poll = select.poll()
        poll.register(self._source, select.POLLIN)
        if self._outgoing:
            poll.register(self._sink, select.POLLOUT)
        for descriptor in self._watched:
            poll.register(descriptor, select.POLLIN)
        for channel in self._channels.values():
            if channel.events:
                poll.register(channel.descriptor, channel.events)
        ready = dict(poll.poll(1000 * timeout_seconds))
        for descriptor, act in list(self._watched.items()):
            if descriptor in ready:
                act()
        for (worker, stream), channel in list(self._channels.items()):
            if channel.descriptor in ready and (worker, stream) in self._channels:
                self._serve(worker, stream, channel, ready[channel.descriptor])
        return self._write() and (self._source not in ready or self._read())

    def _serve(self, worker: int, stream: Stream, channel: _Channel, events: int) -> None:
        if channel.pending and events & (select.POLLOUT | _GONE):
            self._write_channel(worker, stream, channel)
        if channel.reads and events & (select.POLLIN | _GONE):
            self._read_channel(worker, stream, channel)

    def _read_channel(self, worker: int, stream: Stream, channel: _Channel) -> bool:
        try:
            data = os.read(channel.descriptor, min(_CHUNK, WINDOW - channel.on_way))
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            channel.reads = False
            self.send(End(worker, stream))
            return False
        channel.on_way += len(data)
        self.send(Data(worker, stream, data))
        return True

    def _write_channel(self, worker: int, stream: Stream, channel: _Channel) -> None:
        try:
            count = os.write(channel.descriptor, channel.pending)
        except BlockingIOError:
            return
        except OSError:
            # Nobody listens any more: it is taken all the same, so that the rest goes on.
            count = len(channel.pending)
        del channel.pending[:count]
        self.send(Taken(worker, stream, count))
        if channel.has_ended and not channel.pending:
            self._end_channel(worker, stream, channel)

    def _end_channel(self, worker: int, stream: Stream, channel: _Channel) -> None:
        del self._channels[worker, stream]
        os.close(channel.descriptor)

    def _write(self) -> bool:
        while self._outgoing:
            try:
                count = os.write(self._sink, self._outgoing[:_CHUNK])
            except BlockingIOError:
                break
            except OSError:
                return False
            del self._outgoing[:count]
        return True

    def _read(self) -> bool:
        try:
            data = os.read(self._source, _CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._incoming += data
        while (body := self._next_body()) is not None:
            try:
                self._receive(_decoder.decode(body))
            except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
                msg = f"malformed message: {error}"
                raise TunnelError(msg) from error
        return bool(data)

    def _next_body(self) -> bytes | None:
        if len(self._incoming) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._incoming)
        if length > _MAX_BODY:
            msg = f"a message of {length} bytes"
            raise TunnelError(msg)
        if len(self._incoming) < _LENGTH.size + length:
            return None
        body = bytes(self._incoming[_LENGTH.size : _LENGTH.size + length])
        del self._incoming[: _LENGTH.size + length]
        return body

    def _receive(self, message: Message) -> None:
        if not isinstance(message, Data | End | Taken):
            self._handle(message)
            return
        channel = self._channels.get((message.worker, message.stream))
        if channel is None:
            return
        if isinstance(message, Taken):
            channel.on_way = max(0, channel.on_way - message.count)
        elif isinstance(message, End):
            channel.has_ended = True
            if not channel.pending:
                with contextlib.suppress(OSError):
                    self._end_channel(message.worker, message.stream, channel)
        else:
            self._take(message, channel)

    def _take(self, message: Data, channel: _Channel) -> None:
        if channel.has_ended or len(channel.pending) + len(message.data) > WINDOW:
            msg = "more of a stream than the window allows"
            raise TunnelError(msg)
        channel.pending += message.data
        if message.data:
            self._write_channel(message.worker, message.stream, channel)
