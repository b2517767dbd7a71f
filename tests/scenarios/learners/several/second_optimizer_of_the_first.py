import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

data = torchvision.datasets.CIFAR10(
    "../data", True, torchvision.transforms.ToTensor(), download=True
)
loader = DataLoader(data, batch_size=64)


class Putong(nn.Module):
    def __init__(self):
        super().__init__()
        self.m = nn.Sequential(
            nn.Conv2d(3, 32, 5, padding=2), nn.MaxPool2d(2), nn.Conv2d(32, 32, 5, padding=2),
            nn.MaxPool2d(2), nn.Conv2d(32, 64, 5, padding=2), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(64 * 4 * 4, 64), nn.Linear(64, 10),
        )

    def forward(self, x):
        return self.m(x)


net_a = Putong()
net_b = Putong()
loss_fn = nn.CrossEntropyLoss()

opt_a = torch.optim.SGD(net_a.parameters(), lr=0.01)
for imgs, targets in loader:
    opt_a.zero_grad()
    loss = loss_fn(net_a(imgs), targets)
    loss.backward()
    opt_a.step()

opt_b = torch.optim.SGD(net_a.parameters(), lr=0.1)
for imgs, targets in loader:
    opt_b.zero_grad()
    loss = loss_fn(net_b(imgs), targets)
    loss.backward()
    opt_b.step()
