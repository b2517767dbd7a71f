"""TensorBoard's event files: written by the thread that logs, and read back."""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import struct
import sys
from collections.abc import Iterator
from typing import Any, Final

import torch

# The functions below find Python's own in a copy, which nobody replaces anything in.
globals()["__builtins__"] = dict(vars(builtins))

_WRITER: Final = "tensorboard.summary.writer.event_file_writer"
_LENGTH: Final = struct.Struct("<Q")
_CHECKSUM_BYTES: Final = 4
_MARK: Final = "tfevents"
"""What every name of an event file holds."""


class _Records:
    """Takes the place of what hands each record to a thread that writes it.

    The thread is for programs that have something better to do than to wait for a disk. Here it
    costs a millisecond for each log, most of it spent on waiting for one another.
    """

    def __init__(self, file: Any, max_queue_size: int = 0, flush_secs: float = 0) -> None:  # noqa: ANN401, ARG002 - TensorBoard's own
        self._file = file
        self._closed = False

    def write(self, record: bytes) -> None:
        """Write a record."""
        self._require_open()
        self._file.write(record)

    def flush(self) -> None:
        """Hand what was written to the system."""
        self._require_open()
        self._file.flush()

    def close(self) -> None:
        """End the file."""
        if not self._closed:
            self._closed = True
            self._file.flush()
            self._file.close()

    def _require_open(self) -> None:
        if self._closed:
            msg = "Writer is closed"
            raise OSError(msg)


def write_events_in_thread() -> None:
    """Let every `SummaryWriter` write in the thread that calls it; the files are the same."""
    implementation = sys.modules.get(_WRITER)
    if hasattr(implementation, "_AsyncWriter"):
        implementation._AsyncWriter = _Records  # type: ignore[union-attr]  # noqa: SLF001


def read_events(
    log_dir: str,
    *,
    pictures: bool = True,
) -> tuple[dict[str, list[int]], dict[str, list[torch.Tensor]], bool]:
    """Read the images that a `SummaryWriter` wrote.

    Args:
        log_dir: Folder of the event files; nothing was written where there is none.
        pictures: Whether the images are decoded.

    Returns:
        Steps per tag in the order written; images per tag as uint8 tensors H×W×3, where they are
        asked for; and whether a graph was written.
    """
    steps: dict[str, list[int]] = {}
    decoded: dict[str, list[torch.Tensor]] = {}
    has_graph = False
    # A folder may hold several files, one for each writer, and they are read by name.
    for event in sorted(_events(log_dir), key=lambda event: event.wall_time):
        has_graph |= event.WhichOneof("what") in {"graph_def", "meta_graph_def"}
        for value in event.summary.value:
            if value.WhichOneof("value") != "image":
                continue
            steps.setdefault(value.tag, []).append(int(event.step))
            if pictures:
                picture = _decode_image(value.image.encoded_image_string)
                decoded.setdefault(value.tag, []).append(picture)
    return steps, decoded, has_graph


def _events(log_dir: str) -> Iterator[Any]:
    """Give all events of a folder; a file ends where it was cut off, or holds something else."""
    from google.protobuf.message import DecodeError  # noqa: PLC0415 - few exercises write events
    from tensorboard.compat.proto.event_pb2 import Event  # noqa: PLC0415 - as above

    names = sorted(os.listdir(log_dir)) if os.path.isdir(log_dir) else []
    for path in (os.path.join(log_dir, name) for name in names if _MARK in name):
        if os.path.isfile(path):
            with open(path, "rb") as file, contextlib.suppress(DecodeError):
                yield from map(Event.FromString, _records(file.read()))


def _records(content: bytes) -> Iterator[bytes]:
    """Take an event file apart, which holds TensorFlow's records one after the other.

    Each is its length in eight bytes, four bytes of checksum, the data, and four bytes of checksum
    (https://www.tensorflow.org/tutorials/load_data/tfrecord). The sums guard against damage between
    two machines, of which there is one here; TensorBoard works them out byte by byte in Python.
    """
    position = 0
    while position + _LENGTH.size <= len(content):
        (length,) = _LENGTH.unpack_from(content, position)
        start = position + _LENGTH.size + _CHECKSUM_BYTES
        position = start + length + _CHECKSUM_BYTES
        if position > len(content):
            return
        yield content[start : start + length]


def _decode_image(encoded: bytes) -> torch.Tensor:
    from PIL import Image  # noqa: PLC0415 - heavy, and few exercises write events

    picture = Image.open(io.BytesIO(encoded)).convert("RGB")
    flat = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
    return flat.reshape(picture.height, picture.width, 3)
