"""What is said of the course's images in a message; their pixels travel beside it."""

from __future__ import annotations

import msgspec


class Images(msgspec.Struct, frozen=True):
    """Which images lie in the blob: those for training, then those for the test.

    Each is 32×32×3 bytes: rows from the top, red, green and blue of a pixel together.
    """

    train: bytes
    """The label of each image for training."""
    test: bytes
    """The label of each image for the test."""
    classes: tuple[str, ...]
    """What the labels stand for; empty where there are no images to send."""
