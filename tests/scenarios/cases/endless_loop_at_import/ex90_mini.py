"""A miniature exercise. 迷你练习。"""

import torch
from torch import nn


def double(x):
    """Return 2 * x. 返回 2 * x。"""
    return 2 * x


class Net(nn.Module):
    """One linear layer `fc`, 4 to 2. 一个线性层 `fc`，4 到 2。"""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x)


def total(x):
    """Add up a vector, without `sum`. 不用 `sum` 求向量的和。"""
    result = torch.zeros((), dtype=x.dtype, device=x.device)
    for value in x:
        result = result + value
    return result


def spin():
    while True:
        pass


FACTS = spin() or {
    "legs_of_a_cat": 4,
    "legs_of_a_snake": 0,
}
