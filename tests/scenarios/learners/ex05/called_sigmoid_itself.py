import torch
from torch import nn


class Sigmoid(nn.Module):
    def __init__(self):
        super().__init__()
        self.sigmoid1 = nn.Sigmoid()

    def forward(self, x):
        return self.sigmoid1(x)


sigmoid = Sigmoid()
print(sigmoid(torch.tensor([1.0, -1.0])))
