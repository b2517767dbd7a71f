import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

dataset = torchvision.datasets.CIFAR10("data", train=False, transform=torchvision.transforms.ToTensor(), download=True)
dataloader = DataLoader(dataset, batch_size=64, drop_last=True)


class Tudui(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(196608, 10)

    def forward(self, input):
        self.linear1(input)
        return output


tudui = Tudui()
for data in dataloader:
    imgs, targets = data
    output = torch.flatten(imgs)
    output = tudui(output)
    print(output.shape)
