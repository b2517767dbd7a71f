# fails: convolve_padding
# misconception: -
from __future__ import annotations

import math

import torch
from torch.nn import functional as F


def to_nchw(matrix):
    if matrix.dim() != 2:
        raise ValueError("matrix must be 2-D")
    return torch.reshape(matrix, (1, 1, *matrix.shape)).float()


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    if size < 1:
        raise ValueError("size must be at least 1")
    if kernel_size < 1:
        raise ValueError("kernel_size must be at least 1")
    if stride < 1:
        raise ValueError("stride must be at least 1")
    if dilation < 1:
        raise ValueError("dilation must be at least 1")
    if padding < 0:
        raise ValueError("padding must not be negative")
    if dilation * (kernel_size - 1) + 1 > size + 2 * padding:
        raise ValueError("kernel_size is too large for the input")
    return math.floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1


def convolve(image, kernel, stride=1, padding=0):
    h, w = image.shape
    kh, kw = kernel.shape
    oh = output_size(h, kh, stride, padding)
    ow = output_size(w, kw, stride, padding)
    padded = F.pad(image, (padding, padding, padding, padding))
    if kh > h or kw > w:
        raise ValueError("kernel is larger than the image")
    output = torch.zeros(oh, ow, dtype=image.dtype, device=image.device)
    for i in range(oh):
        for j in range(ow):
            window = padded[i * stride : i * stride + kh, j * stride : j * stride + kw]
            output[i, j] = (window * kernel).sum()
    return output


def compare_convolutions(image, kernel):
    image = to_nchw(image)
    kernel = to_nchw(kernel)
    return {
        "standard": F.conv2d(image, kernel, stride=1),
        "strided": F.conv2d(image, kernel, stride=2),
        "padded": F.conv2d(image, kernel, stride=1, padding=1),
    }
