"""ex07: what is better seen than read."""

from __future__ import annotations

from grader.session import draw_flow, picture


@picture(
    task="net",
    title={
        "en": "The way of 64 images through your Cifar10Net",
        "zh": "64 张图像如何穿过你的 Cifar10Net",
    },
    note={
        "en": "Each box is a layer with the shape behind it.",
        "zh": "每个方框是一个层，以及它输出的形状。",
    },
)
def shapes(student, reference, photos, device):
    net, expected = student.Cifar10Net().to(device), reference.Cifar10Net().to(device)
    return draw_flow(net, expected, photos(64))
