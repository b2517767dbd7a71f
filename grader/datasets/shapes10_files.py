"""The files of shapes10: its images in CIFAR-10's format."""

from __future__ import annotations

from collections.abc import Iterator

from grader.datasets.cifar_format import CifarBatch, encode_batch, encode_meta
from grader.datasets.image_sets import META, SHAPES10
from grader.datasets.shapes10 import IMAGES_PER_BATCH, LABEL_NAMES, draw_batch

__all__ = ["shapes10_files"]


def shapes10_files() -> Iterator[tuple[str, bytes]]:
    """Draw the data set, file after file, as name and content."""
    names = [*SHAPES10.train, *SHAPES10.test]
    for number, name in enumerate(names):
        images, labels = draw_batch(number)
        split, part = ("testing", 1) if name in SHAPES10.test else ("training", number + 1)
        parts = len(SHAPES10.test if split == "testing" else SHAPES10.train)
        files = [
            f"{LABEL_NAMES[label]}_{split[:-3]}_{part}_{index:04d}.png"
            for index, label in enumerate(labels)
        ]
        yield (
            name,
            encode_batch(CifarBatch(images, labels), f"{split} batch {part} of {parts}", files),
        )
    yield META, encode_meta(LABEL_NAMES, IMAGES_PER_BATCH[0])
