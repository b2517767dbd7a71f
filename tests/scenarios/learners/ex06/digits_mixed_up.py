import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

dataset = torchvision.datasets.CIFAR10("data", train=False, transform=torchvision.transforms.ToTensor(), download=True)
dataloader = DataLoader(dataset, batch_size=64, drop_last=True)


class Tudui(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.linear1 = nn.Linear(199608, 10)

    def forward(self, input):
        return self.linear1(input)


tudui = Tudui()
for imgs, targets in dataloader:
    print(tudui(torch.flatten(imgs)).shape)
