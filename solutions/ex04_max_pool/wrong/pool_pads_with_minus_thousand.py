# fails: max_pool_negative
# misconception: filler-wins
from __future__ import annotations

import math

import torch
import torch.nn.functional as F
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
    stride = kernel_size if stride is None else stride
    h, w = x.shape[2:]
    oh = pool_output_size(h, kernel_size, stride, 0, ceil_mode)
    ow = pool_output_size(w, kernel_size, stride, 0, ceil_mode)
    below = max(0, (oh - 1) * stride + kernel_size - h)
    right = max(0, (ow - 1) * stride + kernel_size - w)
    x = F.pad(x, (0, right, 0, below), value=-1000.0)
    windows = x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)
    return windows.amax((4, 5))


POOLING_FACTS = {
    "learnable_parameters": 0,
    "default_stride_of_kernel_3": 3,
    "changes_channel_count": False,
    "output_side_of_5x5_kernel_3_floor": 1,
    "output_side_of_5x5_kernel_3_ceil": 2,
}
