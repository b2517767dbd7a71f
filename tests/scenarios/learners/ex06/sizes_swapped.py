import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

data = torchvision.datasets.CIFAR10("../data", train=False, transform=torchvision.transforms.ToTensor(), download=True)
loader = DataLoader(data, batch_size=64, drop_last=True)

class Fan(nn.Module):
    def __init__(self):
        super(Fan, self).__init__()
        self.linear1 = nn.Linear(10, 196608)

    def forward(self, x):
        return self.linear1(x)

fan = Fan()
for data in loader:
    imgs, targets = data
    x = torch.flatten(imgs)
    print(fan(x).shape)
