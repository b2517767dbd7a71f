"""Messages between a nursery and those it forks for.

A control message is a u32 length and a msgpack body; descriptors travel with its first byte.
Both ends are trusted: workers never hold a control socket.
"""

from __future__ import annotations

import socket
import struct

import msgspec

from grader.worker.policy import Policy

_LENGTH = struct.Struct(">I")
_MAX_BODY = 1024 * 1024
_MAX_DESCRIPTORS = 8


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=str.lower):
    """Base of the control messages."""


class Preload(_Message, frozen=True):
    """Import modules, then freeze the heap. Answered by `Prepared`."""

    modules: tuple[str, ...]
    for_many: bool = False
    """Whether so much will be forked that a second to make forking cheaper is well spent."""


class ForkWorker(_Message, frozen=True):
    """Fork a locked-down worker. Carries four descriptors: wire, stdout, stderr, dump."""

    policy: Policy


class ForkTrusted(_Message, frozen=True):
    """Fork a process of our own that runs `entry` ("module:function").

    Carries one descriptor, the job socket, which the function receives as its first argument;
    its second is a control socket of its own, for workers. Where a second descriptor comes along,
    that is the control socket: another nursery serves it.
    """

    entry: str
    folder: str = ""
    """Where it works; empty for the folder of the process that forks."""
    environment: dict[str, str] = {}
    """Its variables; empty for those of the process that forks."""
    scratch: str = ""
    """A folder of the client's, which is removed with all that is in it when the client is gone."""


class Admit(_Message, frozen=True):
    """Serve one more control connection. Carries its socket; answered by `Admitted`."""


class Admitted(_Message, frozen=True):
    """The connection is served."""


class Prepared(_Message, frozen=True):
    """The nursery has imported what was asked for."""

    failed: dict[str, str]


class Forked(_Message, frozen=True):
    """A child was forked. Carries its pidfd."""

    pid: int


class Exited(_Message, frozen=True):
    """A child has ended and was reaped."""

    pid: int
    status: int
    """As `os.waitpid` gives it."""
    cpu_seconds: float
    peak_bytes: int


class Refused(_Message, frozen=True):
    """A request could not be carried out."""

    reason: str


Request = Preload | ForkWorker | ForkTrusted | Admit
Answer = Prepared | Forked | Exited | Admitted | Refused

_encoder = msgspec.msgpack.Encoder()
_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_answers: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


def send(connection: socket.socket, message: Request | Answer, descriptors: list[int]) -> None:
    """Send one message with its descriptors."""
    send_body(connection, _encoder.encode(message), descriptors)


def receive_request(connection: socket.socket) -> tuple[Request, list[int]]:
    """Read one request. Raises EOFError when the other end is gone."""
    body, descriptors = receive_body(connection)
    return _requests.decode(body), descriptors


def receive_answer(connection: socket.socket) -> tuple[Answer, list[int]]:
    """Read one answer. Raises EOFError when the nursery is gone."""
    body, descriptors = receive_body(connection)
    return _answers.decode(body), descriptors


def send_body(connection: socket.socket, body: bytes, descriptors: list[int]) -> None:
    """Send the bytes of one message with its descriptors."""
    data = _LENGTH.pack(len(body)) + body
    sent = socket.send_fds(connection, [data], descriptors) if descriptors else 0
    # Who has all of it may have hung up: sending nothing would fail then.
    if sent < len(data):
        connection.sendall(data[sent:])


def receive_body(connection: socket.socket) -> tuple[bytes, list[int]]:
    """Read the bytes of one message with its descriptors.

    Raises:
        EOFError: The other end is gone.
        ValueError: It is longer than any message of ours.
    """
    data, descriptors, _flags, _address = socket.recv_fds(
        connection, _LENGTH.size, _MAX_DESCRIPTORS
    )
    if not data:
        raise EOFError
    data += _read(connection, _LENGTH.size - len(data))
    (length,) = _LENGTH.unpack(data)
    if length > _MAX_BODY:
        msg = f"a control message of {length} bytes"
        raise ValueError(msg)
    return _read(connection, length), list(descriptors)


def _read(connection: socket.socket, count: int) -> bytes:
    chunks = bytearray()
    while len(chunks) < count:
        chunk = connection.recv(count - len(chunks))
        if not chunk:
            raise EOFError
        chunks += chunk
    return bytes(chunks)
