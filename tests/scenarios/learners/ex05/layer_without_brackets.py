import torch
from torch import nn

input = torch.tensor([[1, -0.5],
                      [-1, 3]])

class Act(nn.Module):
    def __init__(self):
        super(Act, self).__init__()
        self.relu1 = nn.ReLU

    def forward(self, input):
        return self.relu1(input)

act = Act()
print(act(input))
