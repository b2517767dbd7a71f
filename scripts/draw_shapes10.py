"""Draws datasets/shapes10.png: the first images of each class, a column a class.

`python scripts/draw_shapes10.py`
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
from environment import ROOT
from numpy.typing import NDArray

from grader.atomic import write_atomically
from grader.datasets.shapes10 import LABEL_NAMES, draw_batch

PICTURE = ROOT / "datasets" / "shapes10.png"
ROWS = 5
GAP = 2
SHADES = 24
"""So many shades are shown as one: the noise would make the file several times as large."""


def contact_sheet() -> NDArray[np.uint8]:
    """Give the picture, shape (H, W, 3)."""
    images, labels = draw_batch(0)
    side = images.shape[-1] + GAP
    sheet = np.full((ROWS * side + GAP, len(LABEL_NAMES) * side + GAP, 3), 255, dtype=np.uint8)
    for column in range(len(LABEL_NAMES)):
        for row, image in enumerate(images[labels == column][:ROWS]):
            top, left = GAP + row * side, GAP + column * side
            shown = image.transpose(1, 2, 0) // SHADES * SHADES + SHADES // 2
            sheet[top : top + side - GAP, left : left + side - GAP] = shown
    return sheet


def to_png(picture: NDArray[np.uint8]) -> bytes:
    """Encode a picture of shape (H, W, 3)."""
    height, width, _ = picture.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    # Each row begins with the number of its filter; 0 is none.
    rows = np.pad(picture.reshape(height, -1), ((0, 0), (1, 0)))
    chunks = {b"IHDR": header, b"IDAT": zlib.compress(rows.tobytes(), 9), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks.items())


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


if __name__ == "__main__":
    write_atomically(PICTURE, to_png(contact_sheet()))
    print(PICTURE)
