import torch
from torch import nn

'''
class Tudui(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, input):
        return input + 2
'''


class Tudui(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, input):
        output = input + 1
        return output


tudui = Tudui()
# x = torch.tensor(2.0)
# x = torch.tensor(3.0)
# x = torch.tensor([1.0])
# print(x)
# print(tudui)
x = torch.tensor(1.0)
print(tudui(x))
