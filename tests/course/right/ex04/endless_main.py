from math import ceil, inf
from typing import Optional

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class MaxPoolNet(nn.Module):
    def __init__(self, ceil_mode: bool = True, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.maxpool1 = nn.MaxPool2d((3, 3), stride=(3, 3), padding=(0, 0), dilation=1, return_indices=False, ceil_mode=ceil_mode)
        self.print_shapes = True

    def forward(self, x: Tensor) -> Tensor:
        if self.print_shapes:
            print("x:", x.shape)
        return self.maxpool1.forward(x)


class PoolError(ValueError):
    def __init__(self, name, value):
        super().__init__(f"{name}={value} is out of range")


def _at_least(low, **named):
    for name, value in named.items():
        if not value >= low:
            raise PoolError(name, value)


def pool_output_size(size: int, kernel_size: int, stride: Optional[int] = None, padding: int = 0, ceil_mode: bool = False) -> int:
    _at_least(1, size=size, kernel_size=kernel_size)
    s = kernel_size if stride is None else stride
    _at_least(1, stride=s)
    _at_least(0, padding=padding)
    if padding > kernel_size // 2:
        raise PoolError("padding", padding)
    if size + 2 * padding < kernel_size:
        raise PoolError("kernel_size", kernel_size)
    starts = range(0, size + 2 * padding, s)
    whole = [start for start in starts if start + kernel_size <= size + 2 * padding]
    if not ceil_mode:
        return len(whole)
    n = ceil((size + 2 * padding - kernel_size) / s) + 1
    return n if (n - 1) * s < size + padding else n - 1


def max_pool(x: Tensor, kernel_size: int, stride: Optional[int] = None, ceil_mode: bool = False) -> Tensor:
    s = stride if stride is not None else kernel_size
    result = x
    # First along the rows, then along the columns: a maximum of maxima.
    for dim in (2, 3):
        n = pool_output_size(x.size(dim), kernel_size, s, ceil_mode=ceil_mode)
        parts = []
        for i in range(n):
            length = min(kernel_size, x.size(dim) - i * s)
            parts.append(result.narrow(dim, i * s, length).amax(dim, keepdim=True))
        result = torch.cat(parts, dim)
    return result


POOLING_FACTS: dict = dict(
    learnable_parameters=0,
    default_stride_of_kernel_3=3,
    changes_channel_count=False,
    output_side_of_5x5_kernel_3_floor=pool_output_size(5, 3),
    output_side_of_5x5_kernel_3_ceil=pool_output_size(5, 3, ceil_mode=True),
)

if __name__ == "__main__":
    while True:
        size, k = map(int, input("size, kernel: ").split(","))
        print(pool_output_size(size, k, ceil_mode=True))
