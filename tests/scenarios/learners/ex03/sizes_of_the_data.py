import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

# 通道数直接从数据里读
data = torchvision.datasets.CIFAR10("D:/data", train=False,
                                    transform=torchvision.transforms.ToTensor(), download=True)
loader = DataLoader(data, batch_size=64)
first = next(iter(loader))
channels = first[0].shape[1]


class MyConv(nn.Module):
    def __init__(self, inc=channels):
        super().__init__()
        self.conv = nn.Conv2d(inc, 6, 3)

    def forward(self, x):
        return self.conv(x)


mc = MyConv()
