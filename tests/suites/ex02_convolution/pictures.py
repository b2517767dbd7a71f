"""ex02: what is better seen than read."""

from __future__ import annotations

import torch

from grader.session import compare_maps, photo, picture

EDGES = [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]


@picture(
    task="convolve",
    title={
        "en": "Your convolution finds the edges of a picture",
        "zh": "用你的卷积找出图中的边缘",
    },
    note={
        "en": "The kernel answers where the picture changes from left to right; stride 1, no "
        "padding.",
        "zh": "图像从左到右变化的地方，卷积核给出大的值；步长 1，不补零。",
    },
)
def edges(student, reference, photos, device):
    image = photos(1, first=3)
    grey = image.mean(dim=1, keepdim=True)
    kernel = torch.tensor(EDGES, device=device)
    return compare_maps(
        _as_map(student.convolve(grey[0, 0], kernel)),
        _as_map(reference.convolve(grey[0, 0], kernel)),
        above=[photo(image[0], {"en": "the picture", "zh": "原图"})],
    )


def _as_map(values):
    return values[None] if isinstance(values, torch.Tensor) and values.dim() == 2 else values
