"""What a submission gets where it names one of torchvision's data sets: the course's images.

No network, and no data set of the learner's own disk: whatever root is named, the images that the
trusted side sent are served, with the arguments and attributes of the data set that was meant.
Where none could be sent, images drawn by a fixed rule stand for them.

The last batch of 64 has 16 images, for training and for the test, as it is in CIFAR-10.
"""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Dataset

from grader.worker.image_facts import Images

__all__ = ["DATA_SETS", "CourseImages", "drawn_images", "received_images", "served_data_sets"]

_SIDE: Final = 32
_LUMINANCE: Final = (299, 587, 114)
"""Thousandths of red, green and blue in a grey value, as PIL has it (ITU-R BT.601)."""

_DRAWN: Final = 976
_DRAWN_CLASSES: Final = 10


class Pixels(NamedTuple):
    """Images with their labels."""

    images: NDArray[np.uint8]
    """Shape (N, 32, 32, 3), uint8."""
    labels: list[int]


class CourseImages(NamedTuple):
    """What there is to serve."""

    train: Pixels
    test: Pixels
    classes: tuple[str, ...]
    are_drawn: bool = False
    """Whether they stand for images that could not be sent."""


class _Kind(NamedTuple):
    """What sets one data set apart from others, as a script sees it."""

    classes: int = 10
    side: int = _SIDE
    is_grey: bool = False
    labels: str = "targets"
    """The attribute that holds the classes of the images."""
    is_folder: bool = False
    """Whether it has neither a training part nor a test part."""
    transforms_at: int = 1
    """How many arguments come between `root` and the transforms."""

    @property
    def has_channels_first(self) -> bool:
        """Whether `data` is N×3×H×W."""
        return self.labels == "labels"


DATA_SETS: Final[dict[str, _Kind]] = {
    "CIFAR10": _Kind(),
    "CIFAR100": _Kind(classes=100),
    "MNIST": _Kind(side=28, is_grey=True),
    "FashionMNIST": _Kind(side=28, is_grey=True),
    "KMNIST": _Kind(side=28, is_grey=True),
    "QMNIST": _Kind(side=28, is_grey=True),
    "EMNIST": _Kind(classes=47, side=28, is_grey=True),
    "SVHN": _Kind(labels="labels"),
    "STL10": _Kind(side=96, labels="labels", transforms_at=2),
    "GTSRB": _Kind(classes=43, side=64),
    "Flowers102": _Kind(classes=102, side=224),
    "Food101": _Kind(classes=101, side=224),
    "OxfordIIITPet": _Kind(classes=37, side=224, transforms_at=2),
    "StanfordCars": _Kind(classes=196, side=224),
    "DTD": _Kind(classes=47, side=224),
    "ImageNet": _Kind(classes=1000, side=224),
    "Imagenette": _Kind(side=224),
    "Caltech101": _Kind(classes=101, side=224, is_folder=True),
    "EuroSAT": _Kind(side=64, is_folder=True, transforms_at=0),
    "ImageFolder": _Kind(side=224, is_folder=True, transforms_at=0),
    "DatasetFolder": _Kind(side=224, is_folder=True, transforms_at=2),
}
"""The classes of `torchvision.datasets` that are stood in for."""


class Served(Dataset[Any]):
    """The course's images under the name and with the arguments of a data set of torchvision's."""

    kind: _Kind
    source: CourseImages

    def __init__(
        self,
        root: object = None,
        *others: Any,  # noqa: ANN401 - as torchvision's own have them, in many orders
        **options: Any,  # noqa: ANN401 - as above
    ) -> None:
        """Choose the images; where they should lie, or come from, does not matter."""
        self.root = root
        self.train = self.kind.is_folder or _wants_training(others, options)
        self.transform, self.target_transform = _transforms(others, options, self.kind)
        pixels = self.source.train if self.train else self.source.test
        self.data = _stored(pixels.images, self.kind)
        """All images: a tensor of the grey sets, else an array; N×H×W×3 as in CIFAR-10, but with
        the channels in front where the classes are called `labels`."""
        labels = _spread(pixels.labels, len(self.source.classes), self.kind.classes)
        setattr(self, self.kind.labels, torch.tensor(labels) if self.kind.is_grey else labels)
        self.classes = _class_names(self.source.classes, self.kind.classes)
        self.class_to_idx = {name: number for number, name in enumerate(self.classes)}
        if self.kind.is_folder:
            names = [f"{root}/{self.classes[label]}/{n:04d}.png" for n, label in enumerate(labels)]
            self.samples = self.imgs = list(zip(names, labels, strict=True))

    def __len__(self) -> int:
        """Count the images."""
        return len(self.data)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        """Give an image and its class, each transformed as was asked."""
        from PIL import Image  # noqa: PLC0415 - only where images are looked at

        pixels = np.asarray(self.data[index])
        pixels = pixels.transpose(1, 2, 0) if self.kind.has_channels_first else pixels
        image: Any = Image.fromarray(_resized(pixels, self.kind.side))
        target: Any = int(getattr(self, self.kind.labels)[index])
        image = self.transform(image) if self.transform else image
        return image, self.target_transform(target) if self.target_transform else target

    def __repr__(self) -> str:
        """Describe it as torchvision does."""
        split = [] if self.kind.is_folder else [f"Split: {'Train' if self.train else 'Test'}"]
        lines = [f"Number of datapoints: {len(self)}", f"Root location: {self.root}", *split]
        return "\n    ".join([f"Dataset {type(self).__name__}", *lines])


def received_images(images: Images | None, blob: bytes | bytearray) -> CourseImages | None:
    """Take the images that came with a request; None where none came.

    Args:
        images: What the trusted side says of them. Without classes, it has none to send.
        blob: Their pixels: those for training, then those for the test.
    """
    if images is None:
        return None
    if not images.classes:
        return drawn_images()
    pixels = np.frombuffer(blob, np.uint8).reshape(-1, _SIDE, _SIDE, 3)
    count = len(images.train)
    return CourseImages(
        Pixels(pixels[:count], list(images.train)),
        Pixels(pixels[count:], list(images.test)),
        images.classes,
    )


def drawn_images() -> CourseImages:
    """Draw images: of each class, stripes of its own width."""
    classes = tuple(str(number) for number in range(_DRAWN_CLASSES))
    return CourseImages(_draw(seed=1), _draw(seed=0), classes, are_drawn=True)


def served_data_sets(images: CourseImages) -> types.SimpleNamespace:
    """Make a class for each data set, under its name."""
    made = {
        name: type(name, (Served,), {"kind": kind, "source": images, "__module__": "torchvision"})
        for name, kind in DATA_SETS.items()
    }
    return types.SimpleNamespace(**made)


def _draw(seed: int) -> Pixels:
    random = np.random.default_rng(seed)
    labels = random.integers(0, _DRAWN_CLASSES, _DRAWN)
    stripes = (np.arange(_SIDE) // (labels[:, None] + 1) % 2 * 128)[:, None, :, None]
    noise = random.integers(0, 128, (_DRAWN, _SIDE, _SIDE, 3))
    return Pixels((stripes + noise).astype(np.uint8), labels.tolist())


def _wants_training(others: Sequence[object], options: dict[str, Any]) -> bool:
    """Read `train`, or the `split` that other data sets have in its place; both come second."""
    first = others[0] if others and isinstance(others[0], bool | int | str) else True
    split = options.get("split", first)
    chosen = options.get("train", "train" in split if isinstance(split, str) else split)
    return bool(chosen)


def _transforms(others: Sequence[Any], options: dict[str, Any], kind: _Kind) -> tuple[Any, Any]:
    """Take the transforms, which stand side by side where they have no names."""
    transform, target_transform = [*others[kind.transforms_at :], None, None][:2]
    return options.get("transform", transform), options.get("target_transform", target_transform)


def _stored(images: NDArray[np.uint8], kind: _Kind) -> Any:  # noqa: ANN401 - tensor or array
    """Give the images as the data set keeps them: a copy, grey ones without a rim."""
    if not kind.is_grey:
        return images.transpose(0, 3, 1, 2).copy() if kind.has_channels_first else images.copy()
    grey = ((images @ np.array(_LUMINANCE)) // 1000).astype(np.uint8)
    rim = (_SIDE - kind.side) // 2
    return torch.from_numpy(grey[:, rim : _SIDE - rim, rim : _SIDE - rim].copy())


def _resized(image: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Enlarge an image by repeating its pixels."""
    if len(image) == side:
        return image
    places = np.arange(side) * len(image) // side
    return image[places][:, places]


def _spread(labels: Sequence[int], known: int, wanted: int) -> list[int]:
    """Number as many classes as the data set has: those of an image alternate."""
    if wanted <= known:
        return [label % wanted for label in labels]
    return [(label + known * (index % (wanted // known))) for index, label in enumerate(labels)]


def _class_names(names: Sequence[str], wanted: int) -> list[str]:
    if wanted <= len(names):
        return list(names[:wanted])
    return [f"{names[number % len(names)]} {number // len(names) + 1}" for number in range(wanted)]
