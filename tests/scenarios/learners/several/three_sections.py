import torch
import torch.nn.functional as F
from torch import nn

# 1. nn.Module


class Tudui(nn.Module):
    def __init__(self):
        super(Tudui, self).__init__()

    def forward(self, input):
        output = input + 1
        return output


tudui = Tudui()
print(tudui(torch.tensor(1.0)))

# 2. Conv2d


class Tudui(nn.Module):
    def __init__(self):
        super(Tudui, self).__init__()
        self.conv1 = nn.Conv2d(3, 6, 3)

    def forward(self, x):
        return self.conv1(x)


tudui = Tudui()
print(tudui(torch.ones(64, 3, 32, 32)).shape)

# 3. MaxPool2d


class Tudui(nn.Module):
    def __init__(self):
        super(Tudui, self).__init__()
        self.maxpool1 = nn.MaxPool2d(3, ceil_mode=True)

    def forward(self, x):
        return self.maxpool1(x)


tudui = Tudui()
print(tudui(torch.ones(1, 1, 5, 5)))
