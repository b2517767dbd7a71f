import torch
from torch import nn


class Tudui(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Conv2d(3, 6, 3)]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


tudui = Tudui()
print(list(tudui.parameters()))
print(tudui(torch.ones(64, 3, 32, 32)).shape)
