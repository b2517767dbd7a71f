import torch
from torch.nn import Module, Linear, Parameter
from torch.utils.data import DataLoader


class LinearNet(Module):
    def __init__(self):
        super().__init__()
        self.linear_1 = Linear(196608, 10)

    def forward(self, x):
        row = torch.reshape(x, (1, 196608))
        return self.linear_1(row)[0]


def flatten_all(images):
    result = images.flatten()
    return result


def flatten_each(images):
    n, c, h, w = images.size()
    return images.reshape(n, c * h * w)


def linear(x, weight, bias=None):
    """乘积与求和：广播。"""
    if weight.ndim != 2 or x.ndim == 0 or x.shape[-1] != weight.shape[1]:
        raise ValueError("x 与 weight 的形状不匹配")
    product = torch.mul(x.unsqueeze(-2), weight)
    total = torch.sum(product, -1)
    if bias is not None:
        if tuple(bias.shape) != (weight.shape[0],):
            raise ValueError("bias 的形状不匹配")
        total = torch.add(total, bias)
    return total


def count_batches(n_samples, batch_size, drop_last):
    if not n_samples >= 0:
        raise ValueError("n_samples must be >= 0")
    if not batch_size >= 1:
        raise ValueError("batch_size must be >= 1")
    sizes = [min(batch_size, n_samples - start) for start in range(0, n_samples, batch_size)]
    return len([size for size in sizes if size == batch_size or not drop_last])


class FullBatches(DataLoader):
    """只给出满的批次。"""

    def __init__(self, dataset, batch_size):
        super().__init__(dataset, batch_size=batch_size, drop_last=True, pin_memory=False)


def make_loader(dataset, batch_size=64):
    return FullBatches(dataset, batch_size)
