import torch
from torch import nn


class Tudui(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, kernal_size=3)

    def forward(self, x):
        return self.conv1(x)


tudui = Tudui()
print(tudui(torch.ones(64, 3, 32, 32)).shape)
