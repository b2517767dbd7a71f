import torch
import torch.nn as nn
import torchvision
from torch.utils.data import DataLoader

dataset = torchvision.datasets.CIFAR10(".\\dataset", False, torchvision.transforms.ToTensor())
loader = DataLoader(dataset, 64)


class mynn(nn.Module):
    def __init__(self):
        super().__init__()
        self.cov1 = nn.Conv2d(3, 6, 3)

    def forward(self, input_py):
        return self.cov1(input_py)


mine = mynn()
for imgs, targets in loader:
    print(mine(imgs).shape)
