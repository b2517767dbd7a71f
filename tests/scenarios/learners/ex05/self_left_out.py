import torch
from torch import nn

class Jihuo2(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu1 = nn.ReLU()

    def forward(self, input):
        output = relu1(input)
        return output

j = Jihuo2()
print(j(torch.tensor([[1, -0.5], [-1, 3]])))
