import torch
from torch import nn


class Demo:
    def __init__(self):
        super().__init__()

    def forward(self, input):
        return input + 1


demo = Demo()
print(demo(torch.tensor(1.0)))
