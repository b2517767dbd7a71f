import torch
import torch.vision
from torch import nn
from torch.utils.data import DataLoader

dataset = torch.vision.datasets.CIFAR10("data", train=False, download=True)
loader = DataLoader(dataset, batch_size=64)


class Tudui(nn.Module):
    def __init__(self):
        super().__init__()
        self.maxpool1 = nn.MaxPool2d(3, ceil_mode=True)

    def forward(self, input):
        return self.maxpool1(input)


tudui = Tudui()
