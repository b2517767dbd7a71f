import torch
from torch import nn


class Tudui(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(4096.10)

    def forward(self, x):
        return self.linear1(x)


tudui = Tudui()
print(tudui(torch.rand(196608)))
