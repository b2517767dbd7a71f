import torch
import torch.nn.functional as F
from torch import nn


class Xiao(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(16 * 15 * 15, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        return self.fc(x.view(x.size(0), -1))


class Cundang:
    def save(self, net):
        torch.save(net.state_dict(), "xiao.pth")

    def restore(self):
        net = Xiao()
        net = net.load_state_dict(torch.load("xiao.pth", weights_only=True))
        return net


xiao = Xiao()
cundang = Cundang()
cundang.save(xiao)
print(cundang.restore())
