import torch
from functools import reduce
from torch.nn import Module, MaxPool2d as Pool


class _Wrap(Module):
    def forward(self, x):
        for layer in self.children():
            x = layer(x)
        return x


class MaxPoolNet(_Wrap):
    def __init__(self, ceil_mode=True):
        super().__init__()
        self.maxpool1 = Pool((3, 3), (3, 3), 0, 1, False, ceil_mode)


def pool_output_size(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    """Count the windows one after the other."""
    if stride is None: stride = kernel_size
    bad = {"size": size < 1, "kernel_size": kernel_size < 1 or kernel_size > size + 2 * padding,
           "stride": stride < 1, "padding": not 0 <= 2 * padding <= kernel_size}
    if True in bad.values():
        raise ValueError(" ".join(k for k in bad if bad[k]))
    last = size + 2 * padding - kernel_size  # the last start of a whole window
    starts = range(0, last + 1, stride)
    extra = starts[-1] + stride
    return len(starts) + (1 if ceil_mode and starts[-1] != last and extra < size + padding else 0)


def _along(x, dim, kernel_size, stride, ceil_mode):
    side = x.shape[dim]
    if kernel_size > side:
        raise ValueError(f"x has only {side} numbers there")
    count = pool_output_size(side, kernel_size, stride, 0, ceil_mode)
    step = kernel_size if stride is None else stride
    first = torch.arange(count, device=x.device) * step
    looks = (x.index_select(dim, (first + k).clamp(max=side - 1)) for k in range(kernel_size))
    return reduce(torch.maximum, looks)


def max_pool(x, kernel_size, stride=None, ceil_mode=False):
    rows = _along(x, 3, kernel_size, stride, ceil_mode)
    return _along(rows, 2, kernel_size, stride, ceil_mode)


POOLING_FACTS = {
    "learnable_parameters": None,
    "default_stride_of_kernel_3": None,
    "changes_channel_count": None,
    "output_side_of_5x5_kernel_3_floor": None,
    "output_side_of_5x5_kernel_3_ceil": None,
}
POOLING_FACTS["learnable_parameters"] = 0
POOLING_FACTS["default_stride_of_kernel_3"] = 3
POOLING_FACTS["changes_channel_count"] = not True
POOLING_FACTS["output_side_of_5x5_kernel_3_floor"] = 1
POOLING_FACTS["output_side_of_5x5_kernel_3_ceil"] = 1 + 1
