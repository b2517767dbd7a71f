import functools
import torch
import torch.nn as nn
from torch.utils.data import DataLoader

flatten_all = lambda images: images.reshape(images.numel())
flatten_each = functools.partial(torch.flatten, start_dim=1)


def checked(function):
    @functools.wraps(function)
    def wrapper(x, weight, bias=None):
        if x.shape[-1] != weight.shape[-1] or (bias is not None and len(bias) != len(weight)):
            raise ValueError("the shapes of x, weight and bias do not fit")
        return function(x, weight, 0 if bias is None else bias)

    return wrapper


@checked
def linear(x, weight, bias):
    flat = x.reshape(-1, x.shape[-1])
    return torch.mm(flat, weight.mT).reshape(*x.shape[:-1], weight.shape[0]) + bias


def count_batches(n_samples, batch_size, drop_last):
    if n_samples < 0:
        raise ValueError("n_samples < 0")
    return len(DataLoader(range(n_samples), batch_size=batch_size, drop_last=drop_last)) if n_samples else 0 * check(batch_size)


def check(batch_size):
    if batch_size < 1:
        raise ValueError("batch_size < 1")
    return batch_size


make_loader = lambda dataset, batch_size=64: DataLoader(dataset, batch_size, drop_last=True)


class LinearNet(torch.nn.Module):
    linear_1: nn.Linear

    def __init__(self):
        super().__init__()
        self.add_module("linear_1", nn.Linear(3 * 64 * 1024, 10))

    forward = lambda self, x: self.linear_1(x)
