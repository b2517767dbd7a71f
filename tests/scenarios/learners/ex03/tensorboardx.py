import torch
from tensorboardX import SummaryWriter
from torch import nn


class Conv(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 3)

    def forward(self, x):
        return self.conv1(x)


writer = SummaryWriter("../logs")
net = Conv()
writer.add_images("out", torch.reshape(net(torch.rand(64, 3, 32, 32)), (-1, 3, 30, 30)), 0)
writer.close()
