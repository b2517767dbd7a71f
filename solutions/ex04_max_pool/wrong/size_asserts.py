# fails: pool_output_size_too_small[size], pool_output_size_too_small[kernel_size], pool_output_size_too_small[stride], pool_output_size_too_small[padding], pool_output_size_half, pool_output_size_does_not_fit
# misconception: -
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
    assert size >= 1, "size"
    assert kernel_size >= 1, "kernel_size"
    assert stride >= 1, "stride"
    assert 0 <= padding <= kernel_size / 2, "padding"
    assert kernel_size <= size + 2 * padding, "kernel_size"
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
            row.append(window.amax(dim=(2, 3)))
        rows.append(torch.stack(row, dim=-1))
    return torch.stack(rows, dim=-2)


POOLING_FACTS = {
    "learnable_parameters": 0,
    "default_stride_of_kernel_3": 3,
    "changes_channel_count": False,
    "output_side_of_5x5_kernel_3_floor": 1,
    "output_side_of_5x5_kernel_3_ceil": 2,
}
