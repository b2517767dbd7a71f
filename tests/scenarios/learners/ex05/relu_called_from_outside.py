import torch
from torch import nn
from torch.nn import ReLU, Sigmoid


class P19(nn.Module):
    def __init__(self):
        super(P19, self).__init__()
        self.relu = ReLU()
        self.sig = Sigmoid()

    def forward(self, x):
        return self.sig(x)


P19 = P19()
juzhen = torch.tensor([[1, -0.5], [-1, 3]])
print("sigmoid:", P19(juzhen))
print("relu:", P19.relu(juzhen))
