import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

test_set = torchvision.datasets.CIFAR10("data", train=False, transform=torchvision.transforms.ToTensor(), download=True)
test_loader = DataLoader(test_set, 64, drop_last=True)


class mylinear(nn.Module):
    def __init__(self):
        super().__init__()
        self.liner = nn.Linear(64 * 3 * 32 * 32, 10)

    def forward(self, x):
        return self.liner(x)


m = mylinear()
for imgs, targets in test_loader:
    output = torch.reshape(imgs, (1, 1, 1, -1))
    print(m(output).shape)
