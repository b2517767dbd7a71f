"""Changes real inputs into hostile ones, the same for the same random numbers."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from grader.worker import framing

_NUMBERS: Final = (
    0,
    1,
    -1,
    127,
    128,
    255,
    256,
    2**15,
    2**31 - 1,
    2**31,
    2**32,
    2**63 - 1,
)
_WORDS: Final = (
    b"\x00", b"\xff" * 8, b"\n", b"'''", b"(" * 200, b"[" * 200, b"{" * 99, b"-" * 300, b"9" * 5000,
    b"\\", b"\r", b"\xef\xbb\xbf", b"\xff\xfe", b"..", b"/", b"{}", b"null", b"1e999", b"\\ud800",
    b"lambda:" * 50, b"f'{", b"%%", b"!", b"\t", b"\x0c", b"finally:", b"PK\x01\x02", b"ustar",
)  # fmt: skip


def mutated(random_: random.Random, seeds: Sequence[bytes], *, is_msgpack: bool) -> bytes:
    """Take one of the seeds and change it a few times."""
    data = random_.choice(seeds)
    if is_msgpack and random_.random() < 0.6:
        return _edit_frame(random_, data)
    for _ in range(random_.choice((1, 1, 2, 4, 16))):
        data = random_.choice(_CHANGES)(random_, data, seeds)
    return data


def _flip(random_: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    changed = bytearray(data or b"\0")
    changed[random_.randrange(len(changed))] ^= 1 << random_.randrange(8)
    return bytes(changed)


def _splice(random_: random.Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    other = random_.choice(seeds)
    return data[: random_.randint(0, len(data))] + other[random_.randint(0, len(other)) :]


def _cut(random_: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    start, end = sorted(random_.randint(0, len(data)) for _ in range(2))
    return data[:start] + data[end:]


def _repeat(random_: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    start = random_.randint(0, len(data))
    part = data[start : start + random_.choice((1, 4, 30))]
    return data[:start] + part * random_.choice((2, 20, 400)) + data[start:]


def _insert(random_: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = random_.randint(0, len(data))
    return data[:at] + random_.choice(_WORDS) + data[at:]


def _length(random_: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    form = random_.choice(("<H", ">H", "<I", ">I", "<Q", ">Q"))
    number = random_.choice(_NUMBERS) % 2 ** (8 * struct.calcsize(form))
    at = random_.randint(0, len(data))
    return data[:at] + struct.pack(form, number) + data[at + struct.calcsize(form) :]


_CHANGES: Final[tuple[Callable[[random.Random, bytes, Sequence[bytes]], bytes], ...]] = (
    _flip, _flip, _splice, _cut, _repeat, _insert, _length,
)  # fmt: skip


def _edit_frame(random_: random.Random, frame: bytes) -> bytes:
    """Change values within a message, and leave it well formed."""
    size = framing.PREFIX.size
    length, _ = framing.PREFIX.unpack(frame[:size])
    message = msgspec.msgpack.decode(frame[size : size + length])
    blob = frame[size + length :]
    for _ in range(random_.choice((1, 1, 2, 5))):
        message = _edited(random_, message)
    header = msgspec.msgpack.encode(message)
    return framing.PREFIX.pack(len(header), len(blob)) + header + blob


def _edited(random_: random.Random, value: object) -> object:
    if isinstance(value, dict) and value and random_.random() < 0.9:
        key = random_.choice(list(value))
        return value | {key: _edited(random_, value[key])}
    if isinstance(value, list) and value and random_.random() < 0.8:
        at = random_.randrange(len(value))
        if random_.random() < 0.1 and _is_small(value):
            return value * random_.choice((0, 2, 3000))
        return [*value[:at], _edited(random_, value[at]), *value[at + 1 :]]
    if isinstance(value, int):
        return random_.choice((*_NUMBERS, value + 1, value * 2, -value)) % 2**63
    words = ("x", "meta", "float32", "cuda:99", b"x")
    many = [value] * (70 if _is_small(value) else 1)
    return random_.choice((None, True, 1.5, *words, [], {}, value, many, _deep()))


def _is_small(value: object) -> bool:
    """Tell what can be repeated, so that inputs stay far below what a frame may hold."""
    return len(msgspec.msgpack.encode(value)) < 1000


def _deep() -> object:
    value: object = []
    for _ in range(100):
        value = {"type": "sequencevalue", "kind": "tuple", "items": [value]}
    return value
