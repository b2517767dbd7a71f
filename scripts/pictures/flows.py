"""Pictures of data on its way through a network, with the shape after each layer."""

from __future__ import annotations

from typing import Final

import torch
from pictures.svg import Picture
from torch import nn

_MIDDLE: Final = 78.0
_SHEETS: Final = 4
_DIMENSIONS_OF_IMAGE: Final = 3
_OFFSET: Final = 5.0
_GAP: Final = 92.0


def small_network() -> Picture:
    """Draw the worked example of ex01, for one image."""
    picture = Picture(
        "An image on its way through a small network 一张图经过一个小网络",
        "3x30x30, after the convolution 16x28x28, after relu and pooling 16x14x14, flattened "
        "3136, after the linear layer 10. "
        "3x30x30，卷积之后 16x28x28，relu 和池化之后 16x14x14，展平之后 3136，线性层之后 10。",
    )
    pool = nn.Sequential(nn.ReLU(), nn.MaxPool2d(2))
    layers = [
        ("conv1", nn.Conv2d(3, 16, 3)),
        ("relu, pool", pool),
        ("flatten", nn.Flatten(0)),
        ("fc", nn.Linear(3136, 10)),
    ]
    return _flow(picture, torch.zeros(3, 30, 30), layers)


def sequential() -> Picture:
    """Draw the worked example of ex07, for its batch."""
    picture = Picture(
        "A batch on its way through a Sequential 一个批次经过 Sequential",
        "8x3x20x20, after Conv2d 8x6x18x18, after MaxPool2d 8x6x9x9, after Flatten 8x486, after "
        "Linear 8x5. 8x3x20x20，Conv2d 之后 8x6x18x18，MaxPool2d 之后 8x6x9x9，"
        "Flatten 之后 8x486，Linear 之后 8x5。",
    )
    layers = [
        ("Conv2d", nn.Conv2d(3, 6, 3)),
        ("MaxPool2d", nn.MaxPool2d(2)),
        ("Flatten", nn.Flatten()),
        ("Linear", nn.Linear(486, 5)),
    ]
    return _flow(picture, torch.zeros(8, 3, 20, 20), layers)


def _flow(picture: Picture, data: torch.Tensor, layers: list[tuple[str, nn.Module]]) -> Picture:
    x = _tensor(picture, 40, data)
    for name, layer in layers:
        # Too short for every name, the gap would let names run into the sheets.
        gap = max(_GAP, 8.0 * len(name) + 20)
        picture.text(x + gap / 2, _MIDDLE - 14, name, "dim")
        picture.arrow((x + 8, _MIDDLE), (x + gap - 8, _MIDDLE))
        data = layer(data)
        x = _tensor(picture, x + gap, data)
    return picture


def _tensor(picture: Picture, x: float, data: torch.Tensor) -> float:
    """Draw a tensor with its shape below, and return where it ends on the right."""
    is_flat = data.dim() < _DIMENSIONS_OF_IMAGE
    side = 16.0 + 2.4 * data.shape[-1]
    width, height = (14.0, 20 + min(data.shape[-1], 100.0)) if is_flat else (side, side)
    sheets = 1 if is_flat else min(data.shape[-3], _SHEETS)
    spread = _OFFSET * (sheets - 1)
    for number in range(sheets):
        shift = spread - _OFFSET * number
        top = _MIDDLE - height / 2 - shift + spread / 2
        picture.rect(x + shift, top, width, height, "orange" if is_flat else "blue")
    shape = " x ".join(map(str, data.shape))
    picture.text(x + (width + spread) / 2, 156, shape, size=12)
    return x + width + spread
