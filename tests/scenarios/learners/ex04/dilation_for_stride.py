import torch
from torch import nn


class Tudui(nn.Module):
    def __init__(self):
        super().__init__()
        self.maxpool1 = nn.MaxPool2d(kernel_size=3, ceil_mode=True, dilation=3)

    def forward(self, input):
        return self.maxpool1(input)


tudui = Tudui()
print(tudui(torch.rand(1, 1, 9, 9)))
