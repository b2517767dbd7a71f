import torch
from torch import nn
from torch.nn import ReLU

class Nonlin(nn.Module):
    def __init__(self):
        self.relu1 = ReLU()
        super(Nonlin, self).__init__()

    def forward(self, input):
        return self.relu1(input)

n = Nonlin()
print(n(torch.tensor([[1, -0.5], [-1, 3]])))
