import torch
import torch.nn as nn
import torch.nn.functional as F


class LeNet5(nn.Module):
    """经典的 LeNet，自己写着玩的"""

    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 6, 5)
        self.p1 = nn.MaxPool2d(2, 2)
        self.c2 = nn.Conv2d(6, 16, 5)
        self.p2 = nn.MaxPool2d(2, 2)
        self.l1 = nn.Linear(16 * 5 * 5, 120)
        self.l2 = nn.Linear(120, 84)
        self.l3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.p1(F.relu(self.c1(x)))
        x = self.p2(F.relu(self.c2(x)))
        x = x.view(-1, 16 * 5 * 5)
        x = F.relu(self.l1(x))
        x = F.relu(self.l2(x))
        return self.l3(x)


net = LeNet5()
print(net(torch.ones(4, 3, 32, 32)).shape)
