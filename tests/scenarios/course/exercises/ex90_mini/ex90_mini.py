"""A miniature exercise. 迷你练习。"""

import torch
from torch import nn


def double(x):
    """Return 2 * x. 返回 2 * x。"""
    # TODO: multiply by two
    # TODO: 乘以二
    raise NotImplementedError("TODO: multiply by two | 乘以二")


class Net(nn.Module):
    """One linear layer `fc`, 4 to 2. 一个线性层 `fc`，4 到 2。"""

    def __init__(self):
        super().__init__()
        # TODO: make the layer
        # TODO: 创建这一层
        raise NotImplementedError("TODO: make the layer | 创建这一层")

    def forward(self, x):
        # TODO: apply the layer
        # TODO: 应用这一层
        raise NotImplementedError("TODO: apply the layer | 应用这一层")


def total(x):
    """Add up a vector, without `sum`. 不用 `sum` 求向量的和。"""
    # TODO: add the values
    # TODO: 把数值相加
    raise NotImplementedError("TODO: add the values | 把数值相加")


FACTS = {
    "legs_of_a_cat": None,  # TODO
    "legs_of_a_snake": None,  # TODO
}
