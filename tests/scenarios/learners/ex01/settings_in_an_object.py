import torch
from torch import nn


class Options:
    def __init__(self, kernels, kinds=10):
        self.kernels = kernels
        self.kinds = kinds


class Kernels(nn.Module):
    def __init__(self, options):
        super().__init__()
        self.conv1 = nn.Conv2d(3, options.kernels, 3)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(options.kernels * 15 * 15, options.kinds)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        return self.fc(torch.flatten(x, 1))


options = Options(16)
net = Kernels(options)
print(net(torch.rand(2, 3, 32, 32)).shape)
