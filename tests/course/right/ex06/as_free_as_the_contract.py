import torch as t
from torch.utils import data as d

_BATCH = (64, 3, 32, 32)


class _Head(t.nn.Linear):
    """A linear layer with ten outputs."""

    def __init__(self, inputs):
        super().__init__(inputs, 10)


class LinearNet(t.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear_1 = _Head(t.Size(_BATCH).numel())

    def forward(self, x):
        return self.linear_1(x.unsqueeze(0)).squeeze(0)


def flatten_each(images):
    n, c, h, w = images.shape
    pixel = t.arange(c * h * w, device=images.device)
    return images[:, pixel // (h * w), pixel // w % h, pixel % w]


def flatten_all(images):
    return t.hstack([images.new_empty(0), *flatten_each(images)])


def _names(x, weight, bias):
    if weight.dim() != 2:
        yield "weight"
    elif x.dim() == 0 or x.size(-1) != weight.size(1):
        yield "x"
    elif bias is not None and list(bias.shape) != [weight.size(0)]:
        yield "bias"


def linear(x, weight, bias=None):
    for name in _names(x, weight, bias):
        raise ValueError(name + " has a shape that does not fit")
    total = (x.unsqueeze(-2) * weight).sum(-1)
    return total if bias is None else total.add(bias)


def count_batches(n_samples, batch_size, drop_last):
    for name, wrong in {"n_samples": n_samples < 0, "batch_size": batch_size < 1}.items():
        if wrong:
            raise ValueError(name)
    return n_samples // batch_size if drop_last else -(-n_samples // batch_size)


def make_loader(dataset, batch_size=64):
    order = d.SequentialSampler(dataset)
    return d.DataLoader(dataset, batch_sampler=d.BatchSampler(order, batch_size, drop_last=True))
