import torch
import torch.nn.functional as F
from torch import nn


class Lit(nn.Module):
    def __init__(self):
        super().__init__()
        ceng = []
        for a, b in [(3, 32), (32, 32), (32, 64)]:
            ceng += [nn.Conv2d(a, b, 5, padding=2), nn.BatchNorm2d(b), nn.ReLU(), nn.MaxPool2d(2)]
        self.qian = nn.Sequential(*ceng)
        self.hou = nn.Sequential(
            nn.Flatten(), nn.Dropout(0.5), nn.Linear(1024, 64), nn.Linear(64, 10)
        )

    def forward(self, x):
        return self.hou(self.qian(x))

    def training_step(self, batch):
        x, y = batch
        return F.cross_entropy(self(x), y)

    def configure_optimizers(self):
        net = Lit()
        return torch.optim.Adam(net.parameters(), lr=1e-3)


def xunlian(net, loader):
    optimizer = net.configure_optimizers()
    for batch in loader:
        loss = net.training_step(batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
