import torch
from torch import nn

input = torch.tensor([[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1], [2, 1, 0, 1, 1]], dtype=torch.float32)
input = torch.reshape(input, (-1, 1, 5, 5))


class maxpool_demo(nn.Module):
    def __init__(self):
        super().__init__()
        self.maxPoll = nn.MaxPool2d(3, ceil_mode=False)

    def forward(self, x):
        return self.maxPoll(x)


maxpool_demo = maxpool_demo()
print(maxpool_demo(input))
