import torch
from torch import nn

class P(nn.Module):
    def __init__(self):
        super().__init__
        self.maxpool1 = nn.MaxPool2d(3, ceil_mode=True)

    def forward(self, x):
        return self.maxpool1(x)

class R(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu1 = nn.ReLU()
        self.sigmoid1 = nn.Sigmoid()

    def forward(self, x):
        return self.sigmoid1(x)

x = torch.tensor([[1, -0.5], [-1, 3]])
print(R()(x))
print(P()(torch.rand(1, 1, 5, 5)))
