import torch
from torch import nn


class Both(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU()
        self.sigmod1 = nn.Sigmoid()

    def forward(self, x):
        return self.relu(x), self.sigmod1(x)


a, b = Both()(torch.tensor([[1, -0.5], [-1, 3]]))
print(a, b)
