import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

test_data = torchvision.datasets.CIFAR10("./data", train=False, download=True,
                                         transform=torchvision.transforms.ToTensor())

# 第五节 激活
loader = DataLoader(test_data, batch_size=64)


class Jihuo(nn.Module):
    def __init__(self):
        super().__init__()
        self.sig = nn.Sigmoid()

    def forward(self, x):
        return self.sig(x)


jihuo = Jihuo()
for imgs, _ in loader:
    print(jihuo(imgs).shape)

# 第六节 线性层
loader = DataLoader(test_data, batch_size=64, drop_last=True)


class Xianxing(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(196608, 10)

    def forward(self, x):
        return self.lin(x)


xianxing = Xianxing()
for imgs, _ in loader:
    print(xianxing(torch.flatten(imgs)).shape)
