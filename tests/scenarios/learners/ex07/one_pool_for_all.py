import torch
from torch import nn


class Cifar(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 32, 5, 1, 2)
        self.c2 = nn.Conv2d(32, 32, 5, 1, 2)
        self.c3 = nn.Conv2d(32, 64, 5, 1, 2)
        self.pool = nn.MaxPool2d(2)
        self.flat = nn.Flatten()
        self.l1 = nn.Linear(64 * 4 * 4, 64)
        self.l2 = nn.Linear(64, 10)

    def forward(self, x):
        x = self.pool(self.c1(x))
        x = self.pool(self.c2(x))
        x = self.pool(self.c3(x))
        return self.l2(self.l1(self.flat(x)))


print(Cifar()(torch.ones(64, 3, 32, 32)).shape)
