import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

dataset = torchvision.datasets.CIFAR10("../data", train=False, transform=torchvision.transforms.ToTensor(), download=True)
dataloader = DataLoader(dataset, batch_size=64)

class Pi(nn.Module):
    def __init__(self):
        super().__init__()
        self.model1 = nn.Sequential(
            nn.Conv2d(3, 32, 5, padding=2), nn.MaxPool2d(2), nn.Conv2d(32, 32, 5, padding=2), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1024, 64), nn.Linear(64, 10))

    def forward(self, x):
        return self.model1(x)

pi = Pi()
loss_fn = nn.CrossEntropyLoss()
optim = torch.optim.SGD(pi.parameters(), lr=0.01)
for epoch in range(5):
    total = 0.0
    for imgs, targets in dataloader:
        loss = loss_fn(pi(imgs), targets)
        optim.zero_grad()
        optim.step()
        total += loss.item()
    print(total)
