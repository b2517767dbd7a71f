import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.functional import conv2d


def to_nchw(matrix):
    if matrix.ndim != 2:
        raise ValueError(f"matrix should be H x W, got {tuple(matrix.shape)}")
    return matrix.float().unsqueeze(0).unsqueeze(0)


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    for name, value, least in (("size", size, 1), ("kernel_size", kernel_size, 1), ("stride", stride, 1), ("padding", padding, 0), ("dilation", dilation, 1)):
        if value < least:
            raise ValueError(name + " must be at least " + str(least))
    if dilation * (kernel_size - 1) + 1 > size + 2 * padding:
        raise ValueError("kernel_size does not fit")
    return int((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1


def convolve(image, kernel, stride=1, padding=0):
    oh = output_size(image.size(0), kernel.size(0), stride=stride, padding=padding)
    ow = output_size(image.size(1), kernel.size(1), stride=stride, padding=padding)
    columns = F.unfold(image[None, None], tuple(kernel.shape), padding=padding, stride=stride)
    return (kernel.reshape(1, -1) @ columns[0]).reshape(oh, ow)


def compare_convolutions(image, kernel):
    x, w = to_nchw(image), to_nchw(kernel)
    return dict(
        padded=conv2d(x, w, padding=1),
        standard=conv2d(x, w),
        strided=conv2d(x, w, stride=(2, 2)),
    )
