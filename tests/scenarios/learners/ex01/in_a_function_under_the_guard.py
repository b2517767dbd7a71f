import torch
from torch import nn


def module_demo():
    class Tudui(nn.Module):
        def __init__(self):
            super().__init__()

        def forward(self, input):
            return input + 1

    tudui = Tudui()
    print(tudui(torch.tensor(1.0)))


def other_demo():
    print(torch.arange(4))


if __name__ == "__main__":
    module_demo()
