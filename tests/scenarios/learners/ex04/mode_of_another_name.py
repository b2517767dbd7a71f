# 池化层 两种 ceil_mode 都试一下
import torch
from torch import nn

x = torch.tensor([[1, 2, 0, 3, 1],
                  [0, 1, 2, 3, 1],
                  [1, 2, 1, 0, 0],
                  [5, 2, 3, 1, 1],
                  [2, 1, 0, 1, 1]], dtype=torch.float)
x = x.reshape(1, 1, 5, 5)


class Pool(nn.Module):
    def __init__(self, ceil):
        super().__init__()
        self.p = nn.MaxPool2d(3, ceil_mode=ceil)

    def forward(self, x):
        return self.p(x)


for c in [True, False]:
    print('ceil_mode =', c, Pool(c)(x))
