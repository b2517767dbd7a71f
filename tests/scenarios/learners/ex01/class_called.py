import torch
from torch import nn


class Adder(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, input):
        return input + 1


x = torch.tensor(1.0)
output = Adder(x)
print(output)
