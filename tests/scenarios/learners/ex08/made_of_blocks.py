import torch
from torch import nn
from torch.optim import Adam

class ConvBlock(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.c = nn.Conv2d(a, b, 5, padding=2)
        self.b = nn.BatchNorm2d(b)
        self.r = nn.ReLU()
        self.p = nn.MaxPool2d(2)

    def forward(self, x):
        return self.p(self.r(self.b(self.c(x))))

class Zhengze(nn.Module):
    def __init__(self):
        super().__init__()
        self.b1 = ConvBlock(3, 32)
        self.b2 = ConvBlock(32, 32)
        self.b3 = ConvBlock(32, 64)
        self.rest = nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(1024, 64), nn.Linear(64, 10))

    def forward(self, x):
        return self.rest(self.b3(self.b2(self.b1(x))))

net = Zhengze()
opt = Adam(net.parameters(), lr=0.001)
print(net(torch.rand(2, 3, 32, 32)).shape)
