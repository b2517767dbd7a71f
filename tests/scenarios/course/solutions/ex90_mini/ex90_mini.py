"""A miniature exercise. 迷你练习。"""

import torch
from torch import nn


def double(x):
    """Return 2 * x. 返回 2 * x。"""
    ### BEGIN SOLUTION multiply by two | 乘以二
    return 2 * x
    ### END SOLUTION


class Net(nn.Module):
    """One linear layer `fc`, 4 to 2. 一个线性层 `fc`，4 到 2。"""

    def __init__(self):
        super().__init__()
        ### BEGIN SOLUTION make the layer | 创建这一层
        self.fc = nn.Linear(4, 2)
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION apply the layer | 应用这一层
        return self.fc(x)
        ### END SOLUTION


def total(x):
    """Add up a vector, without `sum`. 不用 `sum` 求向量的和。"""
    ### BEGIN SOLUTION add the values | 把数值相加
    result = torch.zeros((), dtype=x.dtype, device=x.device)
    for value in x:
        result = result + value
    return result
    ### END SOLUTION


FACTS = {
    "legs_of_a_cat": 4,  ### BLANK
    "legs_of_a_snake": 0,  ### BLANK
}
