# fails: max_pool_float64
# misconception: float32-on-the-way
from __future__ import annotations

import math

import torch
from torch import nn


class MaxPoolNet(nn.Module):
    def __init__(self, ceil_mode=True):
        super().__init__()
        self.maxpool1 = nn.MaxPool2d(kernel_size=3, ceil_mode=ceil_mode)

    def forward(self, x):
        output = self.maxpool1(x)
        return output


def pool_output_size(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    if size < 1:
        raise ValueError("size must be at least 1")
    if kernel_size < 1:
        raise ValueError("kernel_size must be at least 1")
    if stride < 1:
        raise ValueError("stride must be at least 1")
    if padding < 0 or padding > kernel_size / 2:
        raise ValueError("padding must be between 0 and half of the kernel")
    if kernel_size > size + 2 * padding:
        raise ValueError("kernel_size is too large for the input")
    windows = (size + 2 * padding - kernel_size) / stride
    if ceil_mode:
        result = math.ceil(windows) + 1
        if (result - 1) * stride >= size + padding:
            result = result - 1
        return result
    return math.floor(windows) + 1


def max_pool(x, kernel_size, stride=None, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    n, c, h, w = x.shape
    oh = pool_output_size(h, kernel_size, stride, 0, ceil_mode)
    ow = pool_output_size(w, kernel_size, stride, 0, ceil_mode)
    rows = []
    for i in range(oh):
        row = []
        for j in range(ow):
            top, left = i * stride, j * stride
            window = x[:, :, top : top + kernel_size, left : left + kernel_size]
            row.append(window.float().amax(dim=(2, 3)).to(x))
        rows.append(torch.stack(row, dim=-1))
    return torch.stack(rows, dim=-2)


POOLING_FACTS = {
    "learnable_parameters": 0,
    "default_stride_of_kernel_3": 3,
    "changes_channel_count": False,
    "output_side_of_5x5_kernel_3_floor": 1,
    "output_side_of_5x5_kernel_3_ceil": 2,
}
