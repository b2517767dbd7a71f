"""Frames: how messages lie in the bytes between the trusted side and a worker.

A frame is a 12-byte prefix (header length as u32, blob length as u64, both big-endian), a
header, and a blob. Every length is checked against a cap before a byte of it is read.
"""

from __future__ import annotations

import builtins
import struct
from collections.abc import Callable

# The functions below find Python's own in a copy, which nobody replaces anything in.
globals()["__builtins__"] = dict(vars(builtins))

PREFIX = struct.Struct(">IQ")
MAX_HEADER_BYTES = 8 * 1024 * 1024
MAX_BLOB_BYTES = 256 * 1024 * 1024
_SMALL_BYTES = 65_536


class WireError(Exception):
    """A frame that breaks the protocol: too large, too deep, malformed, cut short."""


def frame(header: bytes, blob: bytes | bytearray) -> list[bytes | bytearray]:
    """Put a header and a blob into a frame.

    Returns:
        The buffers to be sent one after the other: one, or two where there are many bytes.

    Raises:
        WireError: One of them is over its cap.
    """
    _check_lengths(len(header), len(blob))
    start = PREFIX.pack(len(header), len(blob)) + header
    # A copy of little costs less than a second system call, one of much costs more.
    return [start + blob] if len(blob) <= _SMALL_BYTES else [start, blob]


def read_frame(read: Callable[[int], bytearray]) -> tuple[bytearray, bytearray]:
    """Read one frame through `read(n)`, which returns exactly n bytes.

    Returns:
        The header and the blob, neither decoded.

    Raises:
        WireError: A length is over its cap.
    """
    header_length, blob_length = frame_lengths(read(PREFIX.size))
    return read(header_length), read(blob_length)


def frame_lengths(prefix: bytes | bytearray | memoryview) -> tuple[int, int]:
    """Read the lengths of header and blob from a frame's first bytes.

    Raises:
        WireError: A length is over its cap.
    """
    header_length, blob_length = PREFIX.unpack(prefix)
    _check_lengths(header_length, blob_length)
    return header_length, blob_length


def _check_lengths(header: int, blob: int) -> None:
    if header > MAX_HEADER_BYTES or blob > MAX_BLOB_BYTES:
        msg = f"a frame of {header} + {blob} bytes is over the cap"
        raise WireError(msg)
