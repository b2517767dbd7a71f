import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

test_set = torchvision.datasets.CIFAR10("./dataset", train=False, transform=torchvision.transforms.ToTensor(), download=True)
loader = DataLoader(test_set, batch_size=64, drop_last=True)

class Yan(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(196608, 10)

    def forward(self, input):
        output = self.linear1(input)
        return output

yan = Yan()
for data in loader:
    imgs, targets = data
    print(imgs.shape)
    print(yan(imgs).shape)
