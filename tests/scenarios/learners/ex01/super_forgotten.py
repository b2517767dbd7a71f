import torch
from torch import nn


class Wang(nn.Module):
    def __init__(self):
        self.name = "wang"

    def forward(self, input):
        output = input + 1
        return output


wang = Wang()
print(wang(torch.tensor(1.0)))
