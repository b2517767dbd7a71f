import torch
from torch import nn


class Tudui(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        return nn.ReLU(x)


tudui = Tudui()
print(tudui(torch.tensor([[1, -0.5], [-1, 3]])))
