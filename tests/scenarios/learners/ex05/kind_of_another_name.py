import torch
from torch import nn


class Jihuo(nn.Module):
    def __init__(self, which="sigmoid"):
        super().__init__()
        if which not in ("relu", "sigmoid"):
            raise ValueError("which 只能是 relu 或 sigmoid")
        self.which = which
        self.relu = nn.ReLU()
        self.sigmoid = nn.Sigmoid()

    def forward(self, x):
        return self.relu(x) if self.which == "relu" else self.sigmoid(x)


juzhen = torch.tensor([[1, -0.5], [-1, 3]])
print(Jihuo("relu")(juzhen))
print(Jihuo("sigmoid")(juzhen))
