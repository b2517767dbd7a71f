import torch
from torch import nn


class Conv(nn.Module):
    def __init__(self):
        super(Conv, self).__init__()
        self.conv1 = nn.Conv2d(3, 6, 3, stride=1, padding=0)

    def forward(self, x):
        x = self.conv1(x)
        return x


conv = Conv()
print(conv(torch.ones(64, 3, 32, 32)).shape)
