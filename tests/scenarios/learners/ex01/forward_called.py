import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, input):
        return input + 1


net = Net()
x = torch.tensor(1.0)
print(net.forward(x))
