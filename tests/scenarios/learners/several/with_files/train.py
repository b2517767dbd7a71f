import random

import torch
from torch import nn

from settings import CHANNELS, KERNEL
from .printing import shape_of

print(random.random())


class Tudui(nn.Module):
    def __init__(self):
        super(Tudui, self).__init__()
        self.conv1 = nn.Conv2d(3, CHANNELS, KERNEL)

    def forward(self, x):
        x = self.conv1(x)
        shape_of(x)
        return x


tudui = Tudui()
print(tudui(torch.ones(64, 3, 32, 32)).shape)
