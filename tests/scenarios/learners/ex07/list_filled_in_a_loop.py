import torch
from torch import nn


class Xunhuan(nn.Module):
    def __init__(self):
        super().__init__()
        self.ceng = []
        jin = 3
        for chu in [32, 32, 64]:
            self.ceng.append(nn.Conv2d(jin, chu, 5, padding=2))
            self.ceng.append(nn.MaxPool2d(2))
            jin = chu
        self.ceng.extend([nn.Flatten(), nn.Linear(1024, 64), nn.Linear(64, 10)])

    def forward(self, x):
        for c in self.ceng:
            x = c(x)
        return x


print(Xunhuan()(torch.ones(64, 3, 32, 32)).shape)
