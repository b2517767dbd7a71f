import contextlib
from collections import OrderedDict
from copy import deepcopy
from functools import reduce
from itertools import accumulate, chain

import torch
import torch.utils.tensorboard
from torch.nn import *


class _Stack(Sequential):
    """A Sequential that can be extended from the left."""

    def __rshift__(self, layer):
        self.append(layer)
        return self


class Cifar10Net(Module):
    def __init__(self):
        super().__init__()
        self.linear2 = Linear(64, 10)
        self.linear1 = Linear(1024, 64)
        stack = _Stack()
        for inside, outside in zip((3, 32, 32), (32, 32, 64)):
            stack = stack >> Conv2d(inside, outside, 5, padding=2) >> MaxPool2d((2, 2))
        self.model_1 = stack >> Flatten(1, -1) >> self.linear1 >> self.linear2

    def forward(self, x):
        return reduce(lambda value, layer: layer(value), self.model_1, x)


_PICTURES = {
    "input": (3, 32),
    "conv1": (32, 32),
    "maxpool1": (32, 16),
    "conv2": (32, 16),
    "maxpool2": (32, 8),
    "conv3": (64, 8),
    "maxpool3": (64, 4),
}
_ROWS = {"flatten": 4 * 4 * 64, "linear1": 64, "linear2": 10}
SHAPE_TABLE = [(name, torch.Size((64, c, s, s))) for name, (c, s) in _PICTURES.items()] + [
    (name, torch.Size((64, n))) for name, n in _ROWS.items()
]


def _like(model):
    for tensor in chain(model.parameters(), model.buffers()):
        if tensor.is_floating_point():
            return dict(dtype=tensor.dtype, device=tensor.device)
    return {}


@torch.no_grad()
def trace_shapes(model, input_size):
    shadow = deepcopy(model).eval()
    start = torch.randn(input_size, **_like(model))
    outputs = accumulate(shadow, lambda value, layer: layer(value), initial=start)
    next(outputs)
    return [(type(layer).__name__, (*value.shape,)) for layer, value in zip(shadow, outputs)]


def log_graph(model, log_dir, input_size=(64, 3, 32, 32)):
    with contextlib.closing(torch.utils.tensorboard.SummaryWriter(log_dir)) as log:
        log.add_graph(model=model, input_to_model=torch.empty(input_size, **_like(model)).fill_(0.5))
