import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter


def loader(diu=False):
    data = torchvision.datasets.CIFAR10(
        "../data", train=False, transform=torchvision.transforms.ToTensor(), download=True
    )
    return DataLoader(data, batch_size=64, drop_last=diu)


class Convolved(nn.Module):
    def __init__(self):
        super().__init__()
        self.juanji = nn.Conv2d(3, 6, 3)

    def forward(self, x):
        return self.juanji(x)


class Lined(nn.Module):
    def __init__(self):
        super().__init__()
        self.xianxing = nn.Linear(64 * 3 * 32 * 32, 10)

    def forward(self, x):
        return self.xianxing(x)


def section3():
    net, writer = Convolved(), SummaryWriter("logs")
    for step, (imgs, targets) in enumerate(loader()):
        writer.add_images("output", net(imgs).reshape(-1, 3, 30, 30), step)
        print(imgs.flatten(1).shape)
    writer.close()


def section6():
    net = Lined()
    for imgs, targets in loader(diu=True):
        print(net(imgs.reshape(-1)).shape)


section3()
section6()
