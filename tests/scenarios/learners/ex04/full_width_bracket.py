import torch
from torch import nn

class Quan(nn.Module):
    def __init__(self):
        super().__init__()
        self.maxpool1 = nn.MaxPool2d(3, ceil_mode=True）

    def forward(self, x):
        return self.maxpool1(x)

print(Quan()(torch.rand(1, 1, 5, 5)))
