import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader


class OneLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear_1 = nn.Linear(64 * 3 * 32 * 32, 10)

    def forward(self, x):
        return self.linear_1(x)


class Homework:
    def __init__(self):
        data = torchvision.datasets.CIFAR10("./dataset", train=False, download=True,
                                            transform=torchvision.transforms.ToTensor())
        self.batches = DataLoader(data, batch_size=64, drop_last=True)
        self.model = OneLayer()

    def start(self):
        for imgs, targets in self.batches:
            flat = torch.flatten(imgs)
            print(flat.shape)
            flat = self.model(imgs)
            print(flat.shape)


Homework().start()
