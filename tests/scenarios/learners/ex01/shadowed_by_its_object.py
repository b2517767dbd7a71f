import torch
from torch import nn


class ben(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, input):
        return input + 1


ben = ben()
print(ben(torch.tensor(1.0)))
