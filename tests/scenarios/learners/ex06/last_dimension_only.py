import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

dataset = torchvision.datasets.CIFAR10("../data", train=False, transform=torchvision.transforms.ToTensor(), download=True)
dataloader = DataLoader(dataset, batch_size=64, drop_last=True)

class Kong(nn.Module):
    def __init__(self):
        super(Kong, self).__init__()
        self.linear = nn.Linear(32, 10)

    def forward(self, x):
        return self.linear(x)

kong = Kong()
for data in dataloader:
    imgs, targets = data
    output = kong(imgs)
    print(output.shape)
