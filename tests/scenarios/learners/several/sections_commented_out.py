import torch
from torch import nn

# class Tudui(nn.Module):
#     def __init__(self):
#         super().__init__()
#         self.conv1 = nn.Conv2d(3, 6, 3)
#
#     def forward(self, x):
#         return self.conv1(x)
#
#
# tudui = Tudui()
# print(tudui(torch.ones(64, 3, 32, 32)).shape)

# class Tudui(nn.Module):
#     def __init__(self):
#         super().__init__()
#         self.maxpool1 = nn.MaxPool2d(3)


class Tudui(nn.Module):
    def __init__(self):
        super().__init__()
        self.sigmoid1 = nn.Sigmoid()

    def forward(self, x):
        return self.sigmoid1(x)


tudui = Tudui()
print(tudui(torch.tensor([[1, -0.5], [-1, 3]])))
