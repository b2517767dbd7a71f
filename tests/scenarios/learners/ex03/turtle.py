from turtle import forward

import torch
from torch import nn


class Tudui(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 3)

    def forward(self, x):
        return self.conv1(x)


print(Tudui()(torch.rand(64, 3, 32, 32)).shape)
