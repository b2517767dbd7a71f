from __future__ import annotations
import torch
from torch import nn


class MaxPoolNet(nn.Module):
    def __init__(self, ceil_mode=True):
        super().__init__()
        if ceil_mode:
            self.maxpool1 = nn.MaxPool2d(3, stride=3, ceil_mode=True)
        else:
            self.maxpool1 = nn.MaxPool2d(3, stride=3)
        self.model = nn.Sequential(self.maxpool1)

    def forward(self, x):
        return self.model(x)


def pool_output_size(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    stride = kernel_size if stride is None else stride
    if not isinstance(size, int) or size <= 0:
        raise ValueError(f"size: {size}")
    if kernel_size <= 0:
        raise ValueError(f"kernel_size: {kernel_size}")
    if stride <= 0:
        raise ValueError(f"stride: {stride}")
    if padding < 0 or padding > kernel_size / 2:
        raise ValueError(f"padding: {padding}")
    left, whole = size + padding, size + 2 * padding
    if kernel_size > whole:
        raise ValueError(f"the kernel {kernel_size} is larger than the input {whole}")
    quotient, rest = divmod(whole - kernel_size, stride)
    result = 1 + quotient
    if ceil_mode:
        result += int(rest > 0)
        result -= int((result - 1) * stride >= left)
    return result


def max_pool(x, kernel_size, stride=None, ceil_mode=False):
    stride = kernel_size if stride is None else stride
    h, w = x.shape[-2:]
    oh = pool_output_size(h, kernel_size, stride, ceil_mode=ceil_mode)
    ow = pool_output_size(w, kernel_size, stride, ceil_mode=ceil_mode)
    canvas = x.new_full((*x.shape[:2], oh * stride + kernel_size + h, ow * stride + kernel_size + w), -float("inf"))
    canvas[:, :, :h, :w] = x
    best = None
    for a in range(kernel_size):
        for b in range(kernel_size):
            met = canvas[:, :, a : a + oh * stride : stride, b : b + ow * stride : stride]
            best = met if best is None else torch.where(met > best, met, best)
    return best.clone()


POOLING_FACTS = {"learnable_parameters": 0, "default_stride_of_kernel_3": 3, "changes_channel_count": False, "output_side_of_5x5_kernel_3_floor": 1, "output_side_of_5x5_kernel_3_ceil": 2, "note": "池化没有参数"}
