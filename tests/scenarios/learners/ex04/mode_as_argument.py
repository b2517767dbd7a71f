import torch
from torch import nn


class Pool(nn.Module):
    def __init__(self, ceil_mode=True):
        super().__init__()
        self.pool = nn.MaxPool2d(kernel_size=3, ceil_mode=ceil_mode)

    def forward(self, x):
        return self.pool(x)


x = torch.arange(25.0).reshape(1, 1, 5, 5)
print(Pool()(x))
print(Pool(ceil_mode=False)(x))
