import torch
import torch.nn as nn
import torch.nn.functional as F


class TwoParts(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.tezheng = nn.Sequential(
            nn.Conv2d(3, 32, 5, 1, 2), nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 5, 1, 2), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, 1, 2),
        )
        self.fenlei = nn.Sequential(nn.Linear(64 * 4 * 4, 64), nn.Linear(64, num_classes))

    def forward(self, x):
        x = F.max_pool2d(self.tezheng(x), 2)
        x = x.view(x.size(0), -1)   # 拉直
        return self.fenlei(x)


if __name__ == "__main__":
    net = TwoParts()
    print(net(torch.ones(64, 3, 32, 32)).shape)
