import torch
from torch import nn


class Quanlian(nn.Module):
    def __init__(self, jin, chu):
        super().__init__()
        self.xian = nn.Linear(jin, chu)

    def forward(self, x):
        return self.xian(x)


imgs = torch.rand(64, 3, 32, 32)
flat = torch.flatten(imgs)
net = Quanlian(flat.shape[0], 10)
print(net(flat))
