"""Pictures of numbers in cells: windows that slide, channels, what flattening makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import torch
from pictures.svg import Picture
from torch import nn
from torch.nn import functional

SIDE: Final = 26.0
"""Of a cell, in pixels."""

IMAGE: Final = (
    (1, 2, 0, 3, 1),
    (0, 1, 2, 3, 1),
    (1, 2, 1, 0, 0),
    (5, 2, 3, 1, 1),
    (2, 1, 0, 1, 1),
)
KERNEL: Final = ((1, 2, 1), (0, 1, 0), (2, 1, 0))
"""The worked example of ex02."""

CHANNEL: Final = ((-1, -5, -2, -7), (-4, -3, -8, -2), (-6, -9, -5, -4), (-3, -2, -9, -6))
"""The worked example of ex04."""


class Window(NamedTuple):
    """Some cells of a grid, counted from its first cell."""

    row: int
    column: int
    size: int


def convolution() -> Picture:
    """Draw how a kernel moves: by 1, by 2, and over a ring of zeros."""
    picture = Picture(
        "A kernel slides over an image 卷积核在图像上滑动",
        "The first two positions of the window and the numbers that come of them: for stride 1, "
        "for stride 2, and for padding 1, which puts a ring of zeros round the image. "
        "窗口的前两个位置以及由此得到的数：步长为 1、步长为 2，以及补一圈零的情形。",
    )
    top = 24.0
    for stride, padding in ((1, 0), (2, 0), (1, 1)):
        top = _convolution_row(picture, top, stride, padding) + 34
    return picture


def _convolution_row(picture: Picture, top: float, stride: int, padding: int) -> float:
    """Draw image, kernel and output side by side, and return where the row ends."""
    image, kernel = torch.tensor(IMAGE).float(), torch.tensor(KERNEL).float()
    padded = functional.pad(image, (padding,) * 4).int().tolist()
    output = functional.conv2d(
        image[None, None], kernel[None, None], stride=stride, padding=padding
    )[0, 0]
    middle = top + 16 + len(padded) * SIDE / 2
    picture.text(200, top, f"stride={stride}, padding={padding}", "dim")
    first, second = Window(0, 0, 3), Window(0, stride, 3)
    left = 109 - len(padded) * SIDE / 2
    start = _grid(picture, left, middle, padded, ring=padding, blue=first)
    _outline(picture, left, start, second)
    _steps(picture, left, start, second)
    picture.text(228, middle, "*")
    _grid(picture, 246, middle, KERNEL)
    picture.text(343, middle, "=")
    _grid(picture, 362, middle, output.int().tolist(), orange=((0, 0), (0, 1)))
    return middle + len(padded) * SIDE / 2


def _steps(picture: Picture, left: float, top: float, second: Window) -> None:
    y = top - 6
    picture.arrow((left, y), (left + second.column * SIDE, y))


def pooling() -> Picture:
    """Draw which windows count when the last ones stick out."""
    picture = Picture(
        "What ceil_mode keeps ceil_mode 保留了什么",
        "A 4x4 channel under max pooling with kernel 3 and stride 3. Without ceil_mode only the "
        "whole window counts; with it the three partial windows count too, each giving the "
        "largest of the numbers that it holds. "
        "4x4 的通道，最大池化，核为 3，步长为 3。不用 ceil_mode 时只算完整的窗口；"
        "用了之后三个不完整的窗口也算，各取其中实有的数里最大的。",
    )
    for left, ceil_mode in ((24.0, False), (250.0, True)):
        _pooling_panel(picture, left, ceil_mode=ceil_mode)
    return picture


def _pooling_panel(picture: Picture, left: float, *, ceil_mode: bool) -> None:
    channel = torch.tensor(CHANNEL).float()
    output = functional.max_pool2d(channel[None], 3, ceil_mode=ceil_mode)[0]
    picture.text(left + 100, 24, f"ceil_mode={ceil_mode}", "dim")
    top, count = 46.0, output.shape[0]
    # Of the input and whatever windows stick out.
    cells = max(len(CHANNEL), 3 * count)
    for row in range(cells):
        for column in range(cells):
            inside = row < len(CHANNEL) and column < len(CHANNEL)
            counts = inside and row < 3 * count and column < 3 * count
            role = "blue" if counts else "cell" if inside else "pad"
            text = str(CHANNEL[row][column]) if inside else ""
            _cell(picture, left + column * SIDE, top + row * SIDE, text, role)
    for row in range(count):
        for column in range(count):
            _outline(picture, left, top, Window(3 * row, 3 * column, 3))
    right, middle = left + cells * SIDE, top + cells * SIDE / 2
    picture.arrow((right + 8, middle), (right + 30, middle))
    everything = [(row, column) for row in range(count) for column in range(count)]
    _grid(picture, right + 40, middle, output.int().tolist(), orange=everything)


def last_window() -> Picture:
    """Draw the one window that ceil_mode drops: it would begin beyond the input."""
    picture = Picture(
        "The window that ceil_mode drops ceil_mode 也会舍去的窗口",
        "Size 5 with padding 1 at both ends, kernel 2, stride 2, ceil_mode. The windows start at "
        "0, 2, 4 and 6; the one at 6 begins beyond the input and its left padding and is dropped. "
        "边长 5，两端各补 1，核为 2，步长为 2，使用 ceil_mode。窗口从 0、2、4、6 开始；"
        "从 6 开始的窗口已经超出输入及其左侧补的部分，被舍去。",
    )
    size, kernel, stride, padding = 5, 2, 2, 1
    kept = functional.max_pool1d(
        torch.arange(float(size))[None], kernel, stride, padding, ceil_mode=True
    ).shape[1]
    left, top, side = 70.0, 50.0, 44.0
    for position in range(size + 2 * padding + 1):
        x = left + position * side
        picture.text(x + side / 2, top - 12, str(position), "dim", size=11)
        is_input = padding <= position < size + padding
        is_cell = position < size + 2 * padding
        if is_cell:
            picture.rect(x, top, side, 28, "cell" if is_input else "pad")
            picture.text(x + side / 2, top + 14, "x" if is_input else "pad", size=12)
    for number in range(kept + 1):
        _bracket(picture, left + number * stride * side, top + 42, kernel * side, number < kept)
    arguments = f"size={size}, kernel_size={kernel}, stride={stride}, padding={padding}"
    picture.text(left + 4 * side, 18, f"{arguments}, ceil_mode=True", "dim", size=12)
    return picture


def _bracket(picture: Picture, x: float, y: float, width: float, is_kept: bool) -> None:  # noqa: FBT001 - a fact of the window
    picture.rect(x + 3, y, width - 6, 18, "blue" if is_kept else "pad")
    if is_kept:
        picture.text(x + width / 2, y + 9, "max", size=12)
        return
    for start, end in ((y, y + 18), (y + 18, y)):
        picture.path([(x + width / 2 - 9, start), (x + width / 2 + 9, end)], "orangeline")


def dilation() -> Picture:
    """Draw the cells that a kernel of 3 looks at, for three dilations."""
    picture = Picture(
        "A kernel with dilation 带 dilation 的卷积核",
        "The nine cells that a kernel of 3 looks at: side by side for dilation 1, with one cell "
        "between them for dilation 2, with two for dilation 3. It spans 3, 5 and 7 cells. "
        "大小为 3 的卷积核所看的九个格子：dilation 为 1 时相邻，为 2 时隔一格，为 3 时隔两格，"
        "分别跨越 3、5、7 格。",
    )
    left = 24.0
    for step in (1, 2, 3):
        span = _span(step)
        side = 22.0
        middle = left + span * side / 2
        picture.text(max(middle, left + 40), 24, f"dilation={step}", "dim")
        x = max(left, left + 40 - span * side / 2)
        for row in range(span):
            for column in range(span):
                is_seen = row % step == 0 and column % step == 0
                place = (x + column * side, 44 + row * side)
                picture.rect(*place, side, side, "blue" if is_seen else "cell")
        picture.path([(x, 44 + span * side + 9), (x + span * side, 44 + span * side + 9)])
        picture.text(x + span * side / 2, 44 + span * side + 21, str(span))
        left += max(span * side, 80) + 36
    return picture


def _span(step: int) -> int:
    """Measure how many cells a kernel of 3 spans: what it takes off the side, and one."""
    output: torch.Tensor = nn.Conv2d(1, 1, 3, dilation=step)(torch.zeros(1, 20, 20))
    return 20 - output.shape[-1] + 1


def rgb_batch() -> Picture:
    """Draw two images of six channels as four pictures of three."""
    picture = Picture(
        "Six channels as two pictures 六个通道变成两张图",
        "Two images, a and b, of six channels each become four pictures of three channels: "
        "a0 a1 a2, a3 a4 a5, b0 b1 b2, b3 b4 b5. "
        "两张图 a 和 b，各有六个通道，变成四张三通道的图：a0 a1 a2、a3 a4 a5、b0 b1 b2、b3 b4 b5。",
    )
    channels = torch.arange(12).reshape(2, 6, 1, 1)
    batch = channels.reshape(-1, 3, 1, 1)
    side = 34.0
    for left, tensor in ((24.0, channels), (312.0, batch)):
        shape = " x ".join([*map(str, tensor.shape[:2]), "H", "W"])
        picture.text(left + tensor.shape[1] * side / 2, 24, shape, "dim")
        gap = 10.0
        for row, values in enumerate(tensor.flatten(1).tolist()):
            y = 44 + row * (side + gap) + (0 if tensor is batch else (side + gap))
            for column, value in enumerate(values):
                image, channel = divmod(value, 6)
                role = ("blue", "orange")[image]
                picture.rect(left + column * side, y, side, side, role)
                picture.text(left + (column + 0.5) * side, y + side / 2, f"{'ab'[image]}{channel}")
    picture.arrow((240, 44 + 2 * side + 15), (296, 44 + 2 * side + 15))
    return picture


def flattening() -> Picture:
    """Draw a batch of two images, as one vector and as a row each."""
    picture = Picture(
        "flatten_all and flatten_each 两种展平",
        "A batch of two images with two channels of 2x2: flatten_all gives one vector of 16 "
        "numbers, flatten_each one row of 8 for each image, in the same order. "
        "两张图，各有两个 2x2 的通道：flatten_all 得到一个 16 个数的向量，"
        "flatten_each 每张图得到一行 8 个数，顺序相同。",
    )
    images = torch.arange(16).reshape(2, 2, 2, 2)
    roles = ("blue", "orange")
    picture.text(24 + 8 * SIDE, 22, "2 x 2 x 2 x 2", "dim")
    for image in range(2):
        for channel in range(2):
            left = 24 + SIDE * (1.5 + 8 * image + 3 * channel)
            _block(picture, left, 38, images[image, channel].tolist(), roles[image])
    vector, rows = images.flatten(), images.flatten(1)
    picture.text(24 + 8 * SIDE, 124, f"flatten_all: {tuple(vector.shape)}", "dim")
    for index, value in enumerate(vector.tolist()):
        _cell(picture, 24 + index * SIDE, 140, str(value), roles[index // 8])
    shape = ", ".join(map(str, rows.shape))
    picture.text(24 + 8 * SIDE, 194, f"flatten_each: ({shape})", "dim")
    for row, values in enumerate(rows.tolist()):
        _block(picture, 24 + 4 * SIDE, 210 + row * (SIDE + 6), [values], roles[row])
    return picture


def _block(
    picture: Picture, left: float, top: float, rows: Sequence[Sequence[int]], role: str
) -> None:
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            _cell(picture, left + column * SIDE, top + row * SIDE, str(value), role)


def _grid(  # noqa: PLR0913 - what is coloured differs
    picture: Picture,
    left: float,
    middle: float,
    rows: Sequence[Sequence[int]],
    *,
    ring: int = 0,
    blue: Window | None = None,
    orange: Sequence[tuple[int, int]] = (),
) -> float:
    """Draw a grid round a height, and return its top."""
    top, last = middle - len(rows) * SIDE / 2, len(rows) - ring
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            is_ring = not (ring <= row < last and ring <= column < last)
            role = "orange" if (row, column) in orange else "pad" if is_ring else "cell"
            if blue and row < blue.row + blue.size and column < blue.column + blue.size:
                role = "blue"
            _cell(picture, left + column * SIDE, top + row * SIDE, str(value), role)
    return top


def _cell(picture: Picture, x: float, y: float, text: str, role: str) -> None:
    picture.rect(x, y, SIDE, SIDE, role)
    if text:
        picture.text(x + SIDE / 2, y + SIDE / 2, text)


def _outline(picture: Picture, left: float, top: float, window: Window) -> None:
    x, y = left + window.column * SIDE, top + window.row * SIDE
    picture.rect(x + 1, y + 1, window.size * SIDE - 2, window.size * SIDE - 2, "blueline")
