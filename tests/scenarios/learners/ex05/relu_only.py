import torch
from torch import nn

input = torch.tensor([[1, -0.5], [-1, 3]])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.SIG = nn.ReLU()

    def forward(self, x):
        return self.SIG(x)


net = Net()
print(net(input))
