import torch
from torch import nn


class TestNet(nn.Module):
    def __init__(self):
        super(TestNet, self).__init__()
        self.conv1 = nn.Conv2d(3, 6, 3, stride=1, padding=0)

    def forward(self, x):
        x = self.conv1(x)
        return x


test_net = TestNet()
print(test_net(torch.ones(64, 3, 32, 32)).shape)
