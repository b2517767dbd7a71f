import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader


def jiazai(batch_size=64):
    data = torchvision.datasets.CIFAR10(
        "../data", train=False, transform=torchvision.transforms.ToTensor(), download=True
    )
    return DataLoader(data, batch_size=batch_size)


class Xian(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(196608, 10)

    def forward(self, input):
        return self.linear1(input)


def main():
    xian = Xian()
    for imgs, targets in jiazai():
        print(xian(torch.flatten(imgs)).shape)


main()
