import torch
import torch.tensor
from torch import nn


class Tudui(nn.Module):
    def __init__(self):
        super().__init__()
        self.maxpool1 = nn.MaxPool2d(3, ceil_mode=True)

    def forward(self, input):
        return self.maxpool1(input)


print(Tudui()(torch.rand(1, 1, 5, 5)))
