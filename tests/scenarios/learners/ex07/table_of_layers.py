import torch
from torch import nn

# 种类, 进, 出
TABLE = [
    ("conv", 3, 32),
    ("pool", 2, 0),
    ("conv", 32, 32),
    ("pool", 2, 0),
    ("conv", 32, 64),
    ("pool", 2, 0),
    ("flat", 0, 0),
    ("line", 1024, 64),
    ("line", 64, 10),
]


class FromTable(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential()
        i = 0
        while i < len(TABLE):
            kind, a, b = TABLE[i]
            if kind == "conv":
                self.net.add_module(f"step{i}", nn.Conv2d(a, b, 5, padding=2))
            elif kind == "pool":
                self.net.add_module(f"step{i}", nn.MaxPool2d(a))
            elif kind == "flat":
                self.net.add_module(f"step{i}", nn.Flatten())
            else:
                self.net.add_module(f"step{i}", nn.Linear(a, b))
            i += 1

    def forward(self, x):
        return self.net(x)


print(FromTable()(torch.ones(64, 3, 32, 32)).shape)
