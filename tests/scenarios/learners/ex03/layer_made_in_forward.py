import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

dataset = torchvision.datasets.CIFAR10("../data", train=False, transform=torchvision.transforms.ToTensor(), download=True)
dataloader = DataLoader(dataset, batch_size=64)

class LocalNet(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        conv1 = nn.Conv2d(3, 6, 3)
        x = conv1(x)
        return x

net = LocalNet()
for data in dataloader:
    imgs, targets = data
    print(net(imgs).shape)
    break
