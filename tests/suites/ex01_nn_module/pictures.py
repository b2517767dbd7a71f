"""ex01: what is better seen than read."""

from __future__ import annotations

from grader.session import draw_flow, picture


@picture(
    task="small_cnn",
    title={
        "en": "The way of four images through your SmallCNN",
        "zh": "四张图像如何穿过你的 SmallCNN",
    },
    note={
        "en": "Each box is a layer with the shape behind it.",
        "zh": "每个方框是一个层，以及它输出的形状。",
    },
)
def shapes(student, reference, photos, device):
    net, expected = student.SmallCNN().to(device), reference.SmallCNN().to(device)
    return draw_flow(net, expected, photos(4))
