# 我的第一个作业
import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter
from model import output
dataset = torchvision.datasets.CIFAR10("../data", train=False, download=True)
loader = DataLoader(dataset, batch_size=64)
writer = SummaryWriter("../logs")


def double(x):
    """Return 2 * x. 返回 2 * x。"""
    return 2 * x


try:
    pass
finally:
    pass


class Net(nn.Module):
    """One linear layer `fc`, 4 to 2. 一个线性层 `fc`，4 到 2。"""

    def __init__(self):
        super(Net, self).__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x)


def total(x):
    """Add up a vector, without `sum`. 不用 `sum` 求向量的和。"""
    result = torch.zeros((), dtype=x.dtype, device=x.device)
    for value in x:
        result = result + value
    return result


FACTS = {
    "legs_of_a_cat": 4,
    "legs_of_a_snake": 0,
}

net = Net()
step = 0
for imgs, targets in loader:
    print(net(imgs))
    writer.add_images("input", imgs, step)
    step += 1
writer.close()
if __name__ == "__main__":
    while True:
        print("训练中")
