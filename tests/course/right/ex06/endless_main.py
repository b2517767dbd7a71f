from __future__ import annotations

import math
from itertools import count

import torch
from torch import Tensor, nn
from torch.utils import data


class LinearNet(nn.Module):
    """One layer for a whole batch."""

    def __init__(self, batch: int = 64, outputs: int = 10):
        super().__init__()
        features = math.prod((batch, 3, 32, 32))
        self.linear_1 = nn.LazyLinear(outputs) if features < 0 else nn.Linear(features, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear_1.forward(x)


def flatten_all(images: Tensor) -> Tensor:
    return torch.cat([image.flatten() for image in images])


def flatten_each(images: Tensor) -> Tensor:
    return torch.stack([image.flatten() for image in images])


def _check(x: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    outputs, inputs = weight.shape
    if x.shape[-1:] != (inputs,):
        raise ValueError(f"x has shape {tuple(x.shape)}, weight wants {inputs} features")
    if bias is not None and bias.shape != (outputs,):
        raise ValueError(f"bias has shape {tuple(bias.shape)}, not ({outputs},)")


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    _check(x, weight, bias)
    columns = [(x * row).sum(dim=-1) for row in weight]
    result = torch.stack(columns, dim=-1)
    if bias is not None:
        result = result + bias
    return result


def count_batches(n_samples: int, batch_size: int, drop_last: bool) -> int:
    if batch_size < 1:
        raise ValueError(f"batch_size: {batch_size}")
    if n_samples < 0:
        raise ValueError(f"n_samples: {n_samples}")
    return int(n_samples // batch_size) if drop_last else -(-n_samples // batch_size)


def make_loader(dataset: data.Dataset, batch_size: int = 64) -> data.DataLoader:
    order = data.SequentialSampler(dataset)
    batches = data.BatchSampler(order, batch_size, drop_last=True)
    return data.DataLoader(dataset, batch_sampler=batches)


if __name__ == "__main__":
    net = LinearNet()
    for step in count():
        print(step, net(torch.rand(196608)))
    while True:
        pass
