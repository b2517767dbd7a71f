"""The files of CIFAR-10, as torchvision and every tutorial's `unpickle` read them.

They are pickles that Python 2 wrote. What is written here has the same opcodes, byte for byte the
same under any version of Python and numpy; `pickle.dumps` promises no such thing.
"""

from __future__ import annotations

import pickle  # noqa: TID251 - files of ours whose checksum held; only three names are allowed
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["CifarBatch", "decode_batch", "encode_batch", "encode_meta"]

_SIDE: Final = 32
_MAX_BYTE: Final = 0xFF
_MAX_SHORT: Final = 0xFFFF

_START: Final = b"\x80\x02"
_END: Final = b"."
# numpy's own words for "an array, to be filled" and "a dtype of one unsigned byte".
_EMPTY_ARRAY: Final = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
_UINT8: Final = (
    b"cnumpy\ndtype\nU\x02u1\x89\x88\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
)

Plain = int | str | Sequence["Plain"] | Mapping[str, "Plain"] | NDArray[np.uint8]


class CifarBatch(NamedTuple):
    """The images of one file."""

    images: NDArray[np.uint8]
    """Shape (N, 3, 32, 32), uint8."""
    labels: NDArray[np.int64]
    """Shape (N,)."""


def encode_batch(batch: CifarBatch, title: str, names: Sequence[str]) -> bytes:
    """Write a batch.

    Args:
        batch: Images and labels.
        title: Such as `training batch 1 of 5`.
        names: A file name for each image.
    """
    return _pickled(
        {
            "data": batch.images.reshape(len(batch.images), -1),
            "labels": [int(label) for label in batch.labels],
            "batch_label": title,
            "filenames": names,
        }
    )


def encode_meta(label_names: Sequence[str], images_per_batch: int) -> bytes:
    """Write `batches.meta`: what the labels stand for."""
    return _pickled(
        {
            "num_cases_per_batch": images_per_batch,
            "label_names": label_names,
            "num_vis": 3 * _SIDE * _SIDE,
        }
    )


def decode_batch(content: bytes) -> CifarBatch:
    """Read a batch, of CIFAR-10 itself too. Its checksum must have been compared before.

    Raises:
        pickle.UnpicklingError: It asks for more than an array of numbers.
    """
    entry: dict[str, Any] = _NumbersOnly(BytesIO(content), encoding="latin1").load()
    images = np.asarray(entry["data"], dtype=np.uint8).reshape(-1, 3, _SIDE, _SIDE)
    return CifarBatch(images, np.asarray(entry["labels"], dtype=np.int64))


class _NumbersOnly(pickle.Unpickler):
    """Builds arrays and plain values; no other name in a file is looked up."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - pickle's own signature
        """Give what makes an array, under the names that old and new numpy have for it."""
        reconstruct: Any = np.empty(0).__reduce__()[0]
        allowed: dict[str, Callable[..., Any]] = {
            "_reconstruct": reconstruct,
            "ndarray": np.ndarray,
            # The flags that old files pass are integers, which new numpy warns of.
            "dtype": lambda code, *_flags: np.dtype(code),
        }
        if module.partition(".")[0] != "numpy" or name not in allowed:
            msg = f"an image file names {module}.{name}"
            raise pickle.UnpicklingError(msg)
        return allowed[name]


def _pickled(value: Plain) -> bytes:
    return b"".join((_START, *_opcodes(value), _END))


def _opcodes(value: Plain) -> Iterator[bytes]:
    match value:
        case int():
            yield _integer(value)
        case str():
            yield _string(value.encode("ascii"))
        case np.ndarray():
            yield _array(value)
        case Mapping():
            yield b"}("
            for key, item in value.items():
                yield from (_string(key.encode("ascii")), *_opcodes(item))
            yield b"u"
        case _:
            yield b"]("
            for item in value:
                yield from _opcodes(item)
            yield b"e"


def _integer(value: int) -> bytes:
    if 0 <= value <= _MAX_BYTE:
        return b"K" + struct.pack("<B", value)
    if 0 <= value <= _MAX_SHORT:
        return b"M" + struct.pack("<H", value)
    return b"J" + struct.pack("<i", value)


def _string(value: bytes) -> bytes:
    """Write a string of Python 2, which `encoding="bytes"` gives as bytes."""
    if len(value) <= _MAX_BYTE:
        return b"U" + struct.pack("<B", len(value)) + value
    return b"T" + struct.pack("<i", len(value)) + value


def _array(value: NDArray[np.uint8]) -> bytes:
    rows, columns = value.shape
    shape = _integer(rows) + _integer(columns) + b"\x86"
    state = b"(K\x01" + shape + _UINT8 + b"\x89" + _string(value.tobytes()) + b"tb"
    return _EMPTY_ARRAY + state
