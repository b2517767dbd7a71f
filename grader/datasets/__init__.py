"""The pictures that networks are trained on: shapes10, or CIFAR-10 where someone fetched it.

Two lines open them in a script or a notebook::

    from grader.datasets import open_dataset

    train_set, test_set = open_dataset(train=True), open_dataset(train=False)

In a file that is to be graded they belong under `if __name__ == "__main__":`, since the process
that runs a submission cannot see this package.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.datasets.store import find_dataset, read_split

if TYPE_CHECKING:
    import torch
    from torchvision.datasets import CIFAR10

__all__ = ["Images", "find_dataset", "load_images", "open_dataset"]


class Images(NamedTuple):
    """All images of a split, ready for `torch.utils.data.TensorDataset(*images)`."""

    images: torch.Tensor
    """Shape (N, 3, 32, 32), float32 in [0, 1]."""
    labels: torch.Tensor
    """Shape (N,), int64."""


def load_images(*, train: bool, name: str | None = None) -> Images:
    """Load one split into memory. Does not need torchvision.

    Args:
        train: The training images, or those for the test.
        name: `shapes10` or `cifar10`; None means CIFAR-10 where it is, and shapes10 elsewhere.

    Raises:
        UsageError: No data set has this name.
        DatasetUnavailableError: It is not here and cannot be made here.
    """
    import torch

    images, labels = read_split(find_dataset(name), train=train)
    return Images(torch.from_numpy(images).float() / 255, torch.from_numpy(labels))


def open_dataset(
    *,
    train: bool,
    transform: Callable[..., Any] | None = None,
    name: str | None = None,
) -> CIFAR10:
    """Open one split as torchvision's own CIFAR10, whichever of the two it is.

    Args:
        train: The training images, or those for the test.
        transform: What is done to each PIL image; None means `ToTensor()`.
        name: As for `load_images`.

    Raises:
        UsageError: No data set has this name.
        DatasetUnavailableError: It is not here and cannot be made here.
    """
    from torchvision import transforms

    from grader.datasets.vision import READERS

    found = find_dataset(name)
    reader = READERS[found.image_set.name]
    return reader(found.root, train=train, transform=transform or transforms.ToTensor())
