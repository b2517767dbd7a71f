"""What stands for torchvision's data sets: the course's images, as each would have them."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from grader.datasets import find_dataset
from grader.datasets.vision import Shapes10
from grader.session.served_images import served_images
from grader.worker.image_facts import Images
from grader.worker.images import DATA_SETS, received_images, served_data_sets

IMAGES, PIXELS = served_images()
RECEIVED = received_images(IMAGES, PIXELS)
assert RECEIVED is not None
SERVED = served_data_sets(RECEIVED)


def pixels_of(image: Any) -> Any:
    return np.asarray(image)


@pytest.mark.parametrize("train", [True, False])
def test_cifar10_is_what_torchvision_reads_of_the_course(*, train: bool) -> None:
    real = Shapes10(find_dataset("shapes10").root, train=train)
    served = SERVED.CIFAR10("D:\\data", train, None, operator.neg, *[True])
    count = len(served)
    assert (served.data == real.data[:count]).all()
    assert served.targets == real.targets[:count]
    assert (served.classes, served.class_to_idx) == (real.classes, real.class_to_idx)
    image, target = served[7]
    assert (pixels_of(image) == pixels_of(real[7][0])).all()
    assert target == -real[7][1]
    assert repr(served).splitlines()[:2] == [
        "Dataset CIFAR10",
        f"    Number of datapoints: {count}",
    ]


@pytest.mark.parametrize("train", [True, False])
def test_the_last_batch_is_short_as_that_of_cifar10_is(*, train: bool) -> None:
    drawn = received_images(Images(b"", b"", ()), b"")
    assert drawn is not None
    assert drawn.are_drawn
    for images in (SERVED, served_data_sets(drawn)):
        assert len(images.CIFAR10("data", train=train)) % 64 == 16


@pytest.mark.parametrize(
    ("name", "arguments", "options", "count", "size", "mode"),
    [
        ("MNIST", (False,), {}, 976, (28, 28), "L"),
        ("FashionMNIST", (), {"train": True}, 2960, (28, 28), "L"),
        ("CIFAR100", (), {"train": False, "download": True}, 976, (32, 32), "RGB"),
        ("SVHN", ("test",), {}, 976, (32, 32), "RGB"),
        ("STL10", (), {"split": "train"}, 2960, (96, 96), "RGB"),
        ("ImageNet", (), {"split": "val"}, 976, (224, 224), "RGB"),
        ("ImageFolder", (), {}, 2960, (224, 224), "RGB"),
    ],
)
def test_each_data_set_is_like_itself(
    name: str, arguments: Any, options: Any, count: int, size: Any, mode: str
) -> None:
    served = getattr(SERVED, name)("nowhere", *arguments, **options)
    image, target = served[3]
    assert (len(served), image.size, image.mode) == (count, size, mode)
    assert target == int(getattr(served, DATA_SETS[name].labels)[3])
    assert len(served.classes) == len(served.class_to_idx) == DATA_SETS[name].classes
    labels = [int(label) for label in getattr(served, DATA_SETS[name].labels)]
    assert 0 <= min(labels) <= max(labels) < DATA_SETS[name].classes
    assert len(set(labels)) >= min(DATA_SETS[name].classes, 100)


def test_transforms_are_found_wherever_a_data_set_takes_them() -> None:
    for served in (
        SERVED.CIFAR10("data", *[True], np.asarray, operator.neg, *[True]),
        SERVED.ImageFolder("data", np.asarray, operator.neg),
        SERVED.SVHN("data", "train", np.asarray, target_transform=operator.neg),
    ):
        image, label = served[1]
        assert isinstance(image, np.ndarray)
        assert label == -getattr(served, served.kind.labels)[1]


def test_grey_sets_keep_tensors_and_can_be_cut_down() -> None:
    served = SERVED.MNIST("data", train=False)
    assert (served.data.shape, served.data.dtype) == (torch.Size([976, 28, 28]), torch.uint8)
    served.data, served.targets = served.data[:10], served.targets[:10]
    assert len(served) == 10
    assert len(list(DataLoader(served, batch_size=4, collate_fn=list))) == 3


def test_what_one_changes_another_does_not_see() -> None:
    served = SERVED.CIFAR10("data", train=False)
    before = SERVED.CIFAR10("data", train=False).data.copy()
    served.data[:] = 0
    assert (SERVED.CIFAR10("data", train=False).data == before).all()


def test_a_learner_can_build_on_one() -> None:
    class Mine(SERVED.CIFAR10):  # type: ignore[name-defined,misc] # made at run time
        def __getitem__(self, index: int) -> Any:
            image, target = super().__getitem__(index)
            return image, target + 100

    assert Mine("data", train=False)[0][1] >= 100
