from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Canshu:
    jin: int
    chu: int = 6
    he: int = 3


class Wo(nn.Module):
    def __init__(self, canshu: Canshu, buchang):
        super().__init__()
        self.conv = nn.Conv2d(canshu.jin if canshu.jin < 4 else 3, canshu.chu, canshu.he, buchang)

    def forward(self, x):
        return self.conv(x)


def kan(t):
    n, c, h, w = t.shape
    return t.reshape(n * c // 3, 3, h, w)


wo = Wo(Canshu(3), 1)
print(kan(wo(torch.ones(64, 3, 32, 32))).shape)
