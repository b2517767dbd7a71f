"""What the command line asks of an examiner, and what comes back.

A message is a u32 length and a msgpack body. Both ends are trusted.
"""

from __future__ import annotations

import os
import socket
import struct
from pathlib import Path
from typing import Any

import msgspec

from grader.course.models import Check, Exercise
from grader.language import Text
from grader.report.examination import Examination
from grader.session.container.engine import ContainerSettings
from grader.submission import Submission
from grader.worker.likeness import Matching

_LENGTH = struct.Struct(">I")


class _Message(msgspec.Struct, frozen=True, tag=str.lower):
    """Base of the messages."""


class Job(_Message, frozen=True):
    """Examine one submission. Answered by `Done` or `Failed`."""

    exercise: Exercise
    submission: Submission
    seed: int
    device: str
    """`auto`, `cpu`, `cuda` or `mps`."""
    sandbox: str
    """`auto`, `strict` or `off`; `podman` or `docker`."""
    run_all: bool
    scratch: str
    """A private folder in which the workers get theirs."""
    match: Matching = "auto"
    """How far from the required names something is looked for."""
    pictures: bool = False
    """Whether the suite's pictures are taken, too."""
    container: ContainerSettings | None = None
    """What runs the workers; None where they are processes of this machine."""
    again: bool = False
    """Whether somebody waits for this one and will ask again: the next worker is started after the
    answer and not beside it."""
    suite_on_trial: bool = False
    """Whether a suite that lends out answers is refused, too."""
    is_alone: bool = False
    """Whether nothing else is graded meanwhile: then examiner and worker share a processor."""


class Collect(_Message, frozen=True):
    """List the checks of a suite. Answered by `Collected` or `Failed`."""

    exercise: Exercise


class Inspect(_Message, frozen=True):
    """Say what this machine has, and try the forbidden acts. Answered by `Inspected`."""

    scratch: str
    """A private folder in which the workers get theirs."""
    secret: str
    """A file that no worker may read."""
    container: ContainerSettings | None = None
    """What runs the workers; None where they are processes of this machine."""


class Inspected(_Message, frozen=True):
    """What `Inspect` found."""

    torch: str
    """The version."""
    devices: tuple[str, ...]
    """Each device that torch can use, with its name."""
    acts: dict[str, str]
    """By the act's name: `stopped: …` with the reason, or `allowed`."""
    layers: tuple[str, ...]
    missing: dict[str, str]
    """The layers that are not on, each with the reason."""


class Done(_Message, frozen=True):
    """The submission was examined."""

    examination: Examination


class Collected(_Message, frozen=True):
    """The checks that the suite declares, in its order."""

    checks: tuple[Check, ...]


class Failed(_Message, frozen=True):
    """The request could not be carried out; an exception of `grader.errors` by its name."""

    error: str
    message: Text
    hint: Text | None


Request = Job | Collect | Inspect
Answer = Done | Collected | Inspected | Failed


def _encode_path(value: Any) -> bytes:  # noqa: ANN401 - msgspec's own signature
    if isinstance(value, Path):
        # Of any bytes, as names on disk are.
        return os.fsencode(value)
    raise NotImplementedError


def _decode_path(kind: type, value: Any) -> Any:  # noqa: ANN401 - msgspec's own signature
    if kind is Path:
        return Path(os.fsdecode(value))
    raise NotImplementedError


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode_path)
_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(
    Request, dec_hook=_decode_path
)
_answers: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer, dec_hook=_decode_path)


def send(connection: socket.socket, message: Request | Answer) -> None:
    """Send one message."""
    body = _encoder.encode(message)
    connection.sendall(_LENGTH.pack(len(body)) + body)


def receive_request(connection: socket.socket) -> Request:
    """Read one request. Raises EOFError when the other end is gone."""
    return _requests.decode(_receive(connection))


def receive_answer(connection: socket.socket) -> Answer:
    """Read one answer. Raises EOFError when the examiner is gone."""
    return _answers.decode(_receive(connection))


def _receive(connection: socket.socket) -> bytes:
    (length,) = _LENGTH.unpack(_read(connection, _LENGTH.size))
    return _read(connection, length)


def _read(connection: socket.socket, count: int) -> bytes:
    chunks = bytearray()
    while len(chunks) < count:
        chunk = connection.recv(min(count - len(chunks), 1_048_576))
        if not chunk:
            raise EOFError
        chunks += chunk
    return bytes(chunks)
