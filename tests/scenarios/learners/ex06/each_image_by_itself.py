import torch
import torchvision
from torch import nn
from torch.nn import Linear
from torch.utils.data import DataLoader

testset = torchvision.datasets.CIFAR10("../dataset", train=False,
                                       transform=torchvision.transforms.ToTensor(), download=True)
loader = DataLoader(testset, batch_size=64)


class LinearDemo(nn.Module):
    def __init__(self):
        super(LinearDemo, self).__init__()
        self.liner = Linear(3 * 32 * 32, 10)

    def forward(self, x):
        # 只展平后三维，每张图一个结果
        x = torch.flatten(x, start_dim=1)
        return self.liner(x)


demo = LinearDemo()
for imgs, targets in loader:
    print(demo(imgs).shape)
