import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

tf = torchvision.transforms.ToTensor()
xunlian = DataLoader(torchvision.datasets.CIFAR10("./data", True, tf, download=True), 64)
ceshi = DataLoader(torchvision.datasets.CIFAR10("./data", False, tf, download=True), 64)


class Zxl(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            nn.Conv2d(3, 32, 5, padding=2), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 5, padding=2), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Dropout(0.5), nn.Linear(1024, 64), nn.Linear(64, 10),
        )

    def forward(self, x):
        return self.model(x)


zxl = Zxl()
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(zxl.parameters(), lr=0.001)

for epoch in range(10):
    for imgs, targets in xunlian:
        optimizer.zero_grad()
        loss = loss_fn(zxl(imgs), targets)
        loss.backward()
        optimizer.step()
    right = 0
    with torch.no_grad():   # 测试
        for imgs, targets in ceshi:
            right += (zxl(imgs).argmax(1) == targets).sum().item()
    print("第{}轮".format(epoch + 1), right)
