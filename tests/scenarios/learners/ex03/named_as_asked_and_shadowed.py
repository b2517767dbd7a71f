import torch
from torch import nn


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 3)

    def forward(self, x):
        return self.conv1(x)


ConvNet = ConvNet()
ConvNet.eval()
print(ConvNet(torch.ones(1, 3, 32, 32)).shape)
ConvNet.train()
