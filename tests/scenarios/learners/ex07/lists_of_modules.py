import torch
from torch import nn

tongdao = [3, 32, 32, 64]
quanlianjie = (1024, 64, 10)


class Liebiao(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(
            nn.Conv2d(a, b, 5, padding=2) for a, b in zip(tongdao[:-1], tongdao[1:])
        )
        self.pool = nn.MaxPool2d(2)
        self.fcs = nn.ModuleList([nn.Linear(a, b) for a, b in zip(quanlianjie, quanlianjie[1:])])

    def forward(self, x):
        for conv in self.convs:
            x = self.pool(conv(x))
        x = torch.flatten(x, 1)
        for fc in self.fcs:
            x = fc(x)
        return x


print(Liebiao()(torch.ones(64, 3, 32, 32)).shape)
