import torch
from torch import nn


class JiaYi(nn.Module):
    def __init__(self):
        super().__init__()
        self.buchang = 1

    def forward(self, shuru):
        return shuru + self.buchang


print(JiaYi()(torch.tensor(1.0)))
