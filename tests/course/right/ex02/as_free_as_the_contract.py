"""Shift and add, one shifted copy of the picture per kernel cell."""
from itertools import product as _pairs
from typing import NamedTuple

import torch as T
from torch.nn.functional import conv2d as slide, pad as _pad


class Side(NamedTuple):
    size: int
    kernel_size: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    def steps(self):
        low = [n for n in self._fields if getattr(self, n) < (n != "padding")]
        if low:
            raise ValueError("too small: " + ", ".join(low))
        room = self.size + 2 * self.padding - 1 - self.dilation * (self.kernel_size - 1)
        if room < 0:
            raise ValueError("too small: size")
        return 1 + divmod(room, self.stride)[0]


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return Side(**locals()).steps()


def to_nchw(matrix):
    try:
        h, w = matrix.size()
    except ValueError:
        raise ValueError("matrix: not H x W") from None
    return matrix.to(dtype=T.float32).expand(1, 1, h, w)


def convolve(image, kernel, stride=1, padding=0):
    try:
        tall, wide = (Side(s, k, stride, padding).steps() for s, k in zip(image.shape, kernel.shape))
    except ValueError as e:
        raise ValueError(str(e).replace("kernel_size", "kernel").replace("size", "image")) from e
    ground = image.new_zeros([s + 2 * padding for s in image.shape])
    ground = T.index_put(
        ground,
        (
            T.arange(padding, padding + image.shape[0], device=image.device)[:, None],
            T.arange(padding, padding + image.shape[1], device=image.device)[None, :],
        ),
        image,
    )
    total = image.new_zeros(tall, wide)
    for a, b in _pairs(*map(range, kernel.shape)):
        shifted = ground[a : a + (tall - 1) * stride + 1 : stride, b : b + (wide - 1) * stride + 1 : stride]
        total = total + shifted * kernel[a, b]
    return total


def compare_convolutions(image, kernel):
    kinds = {"padded": dict(padding=1), "strided": dict(stride=2), "standard": dict(padding="valid")}
    return {k: slide(image.view(1, 1, *image.shape) if image.is_contiguous() else image[None][None], kernel[None][None], **v) for k, v in kinds.items()}
