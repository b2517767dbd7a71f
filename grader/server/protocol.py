"""What a client and the server say to each other.

A message is a u32 length and a msgpack map; a descriptor travels with its first byte. Both ends
belong to one user. A server may be older or younger than its client: fields that one of them
does not know are ignored, and `Stop` stays as it is.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from typing import Final, Literal, NamedTuple

import msgspec

from grader.worker.control import receive_body, send_body

Why = Literal["version", "leaving", "busy", "preload", "broken"]
_CREDENTIALS: Final = struct.Struct("3i")


class _Message(msgspec.Struct, frozen=True, tag=str.lower):
    """Base of the messages."""


class Open(_Message, frozen=True):
    """Give me an examiner. Answered by `Welcome` and then `Opened`, or by `Refused`.

    It ends when the connection does.
    """

    token: str
    fingerprint: str
    """What the client would start a server from."""
    preload: tuple[str, ...]
    """Modules that workers are given, beside torch."""
    scratch: str
    """The client's folder for jobs, which is removed if the client cannot do it."""
    folder: str
    """Where the client works."""
    environment: dict[str, str]
    """What an examiner of the client's own would see."""
    later: tuple[str, ...] = ()
    """Modules that the other exercises of the course need, to be imported in a quiet moment."""


class Status(_Message, frozen=True):
    """Say how you are. Answered by `State`."""

    token: str


class Stop(_Message, frozen=True):
    """Make room: take no more clients. Answered by `State` once the place is free."""

    token: str
    now: bool = False
    """Also end what is being graded."""


class Welcome(_Message, frozen=True):
    """The server is alive, and gets an examiner ready."""


class Opened(_Message, frozen=True):
    """An examiner waits. Carries the job socket."""


class Refused(_Message, frozen=True):
    """There is no examiner here."""

    why: Why
    detail: str = ""


class State(_Message, frozen=True):
    """What a server is doing."""

    pid: int
    fingerprint: str
    started_at: float
    """Seconds since the epoch."""
    sessions: int
    """Examiners that it has out."""
    given: int
    """Examiners that it has given."""
    preloaded: tuple[str, ...]
    idle_seconds: float
    """How long it stays without anything to do."""
    idle_left_seconds: float


Request = Open | Status | Stop
Answer = Welcome | Opened | Refused | State

_encoder = msgspec.msgpack.Encoder()
_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_answers: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


def send(
    connection: socket.socket, message: Request | Answer, descriptors: list[int] | None = None
) -> None:
    """Send one message with its descriptors."""
    send_body(connection, _encoder.encode(message), descriptors or [])


def receive_request(connection: socket.socket) -> Request:
    """Read one request.

    Raises:
        EOFError: The client is gone.
        ValueError: It is no request.
    """
    body, descriptors = receive_body(connection)
    for descriptor in descriptors:
        os.close(descriptor)
    return _requests.decode(body)


def receive_answer(connection: socket.socket) -> tuple[Answer, list[int]]:
    """Read one answer.

    Raises:
        EOFError: The server is gone.
        ValueError: It is no answer.
    """
    body, descriptors = receive_body(connection)
    try:
        return _answers.decode(body), descriptors
    except ValueError:
        for descriptor in descriptors:
            os.close(descriptor)
        raise


class Peer(NamedTuple):
    """Who is at the other end of a connection."""

    pid: int
    uid: int


def peer_of(connection: socket.socket) -> Peer:
    """Ask the kernel who is at the other end.

    Raises:
        OSError: This kind of socket does not tell.
    """
    if sys.platform != "linux":
        msg = "only Linux tells who is at the other end of a socket"
        raise OSError(msg)
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid, uid, _gid = _CREDENTIALS.unpack(raw)
    return Peer(pid, uid)
