"""Which data sets there are, and the checksums that make a copy of one complete."""

from __future__ import annotations

from typing import Final

import msgspec

from grader.errors import UsageError
from grader.language import Text

__all__ = ["BASE_FOLDER", "CIFAR10", "IMAGE_SETS", "META", "SHAPES10", "ImageSet", "image_set_of"]

BASE_FOLDER: Final = "cifar-10-batches-py"
META: Final = "batches.meta"


class ImageSet(msgspec.Struct, frozen=True, kw_only=True):
    """A data set in CIFAR-10's files. MD5, since that is what torchvision compares."""

    name: str
    title: Text
    folder: str
    """Where its root lies in the folder of all data sets; `.` is that folder itself."""
    train: dict[str, str]
    """File names of the training batches, with their MD5."""
    test: dict[str, str]
    """The same for the test batch."""
    meta_md5: str
    url: str = ""
    """Where its archive can be fetched; empty for what is made here."""
    archive: str = ""
    archive_md5: str = ""
    archive_bytes: int = 0

    @property
    def files(self) -> dict[str, str]:
        """Every file, with its MD5."""
        return {**self.train, **self.test, META: self.meta_md5}


CIFAR10: Final = ImageSet(
    name="cifar10",
    title=Text(
        en="CIFAR-10: 60,000 small photos of ten kinds",
        zh="CIFAR-10：十类物体的 60,000 张小照片",
    ),
    # So that `torchvision.datasets.CIFAR10("datasets")` finds it too.
    folder=".",
    train={
        "data_batch_1": "c99cafc152244af753f735de768cd75f",
        "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
        "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
        "data_batch_4": "634d18415352ddfa80567beed471001a",
        "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    },
    test={"test_batch": "40351d587109b95175f43aff81a1287e"},
    meta_md5="5ff9c542aee3614f3951f8cda6e48888",
    url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    archive="cifar-10-python.tar.gz",
    archive_md5="c58f30108f718f92721af3b95e74349a",
    archive_bytes=170_498_071,
)

SHAPES10: Final = ImageSet(
    name="shapes10",
    title=Text(
        en="shapes10: 4,000 drawn images of ten shapes", zh="shapes10：十种图形的 4,000 张绘制图像"
    ),
    folder="shapes10",
    train={
        "data_batch_1": "4815d04d4cc3f34e2c9979a0ea0077c0",
        "data_batch_2": "4117b3a72c892988726f1e32c3c7385b",
        "data_batch_3": "16fd8444db2cc58b8a3d3f42fb64fc14",
        "data_batch_4": "d2a2fa3f9265cf0222a01c23a6e2b79f",
        "data_batch_5": "40f30b016a8edb5e5b6bc1b70a6ac226",
    },
    test={"test_batch": "ee454c116919c192c119662b0b954623"},
    meta_md5="af3dc3412e7768b239d571a74ebf43c8",
)

IMAGE_SETS: Final = (CIFAR10, SHAPES10)
"""In the order in which the exercises prefer them."""


def image_set_of(name: str) -> ImageSet:
    """Give a data set by its name.

    Raises:
        UsageError: No data set has this name.
    """
    for image_set in IMAGE_SETS:
        if image_set.name == name:
            return image_set
    known = ", ".join(image_set.name for image_set in IMAGE_SETS)
    raise UsageError(
        Text(en=f"there is no data set {name!r}", zh=f"没有名为 {name!r} 的数据集"),
        hint=Text(en=f"There are: {known}.", zh=f"可用的有：{known}。"),
    )
