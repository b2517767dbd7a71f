"""The images that a submission gets where it builds one of torchvision's data sets.

No network, and no data set of the learner's own disk: whatever root is named, these are served,
drawn by a fixed rule. Their number is not divisible by 64, as that of CIFAR-10 is not, so a short
last batch is there too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import torch
from torch.utils.data import Dataset

_COUNTS: Final = {True: 3_000, False: 1_000}
_CLASSES: Final = 10
_SIDE: Final = 32


class CourseImages(Dataset[Any]):
    """Small images of ten classes, with the arguments of torchvision's data sets."""

    def __init__(
        self,
        root: object = None,
        train: bool = True,  # noqa: FBT001, FBT002 - torchvision's own signature
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        download: bool = False,  # noqa: FBT001, FBT002 - torchvision's own signature
        **_: object,
    ) -> None:
        """Draw the images; where they should lie, or come from, does not matter."""
        self.root, self.train, self.download = root, train, download
        self.transform, self.target_transform = transform, target_transform
        self.data, self.targets = _draw(_COUNTS[bool(train)], seed=int(train))
        self.classes = [str(number) for number in range(_CLASSES)]

    def __len__(self) -> int:
        """Count the images."""
        return len(self.targets)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        """Give an image and its class, each transformed as was asked."""
        from PIL import Image  # noqa: PLC0415 - only where images are looked at

        image: Any = Image.fromarray(self.data[index].numpy())
        target: Any = self.targets[index]
        image = self.transform(image) if self.transform else image
        return image, self.target_transform(target) if self.target_transform else target


def _draw(count: int, seed: int) -> tuple[torch.Tensor, list[int]]:
    """Draw images, shape (count, 32, 32, 3), uint8: of each class, stripes of its own width."""
    generator = torch.Generator().manual_seed(seed)
    targets = torch.randint(0, _CLASSES, (count,), generator=generator)
    columns = torch.arange(_SIDE)
    stripes = ((columns // (targets[:, None] + 1)) % 2 * 128)[:, None, :, None]
    noise = torch.randint(0, 128, (count, _SIDE, _SIDE, 3), generator=generator)
    return (stripes + noise).to(torch.uint8), targets.tolist()
