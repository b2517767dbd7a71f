import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter


class Zj(nn.Module):
    def __init__(self):
        super(Zj, self).__init__()
        self.conv1 = nn.Conv2d(3, 6, 3)

    def forward(self, x):
        return self.conv1(x)


def shuju():
    data = torchvision.datasets.CIFAR10(
        "../data", train=False, transform=torchvision.transforms.ToTensor(), download=True
    )
    return DataLoader(data, batch_size=64)


def xie(net, loader):
    writer = SummaryWriter("../logs")
    for step, (imgs, targets) in enumerate(loader):
        output = net(imgs)
        torch.reshape(output, (-1, 3, 30, 30))
        writer.add_images("output", output, step)
    writer.close()


def main():
    zj = Zj()
    xie(zj, shuju())


if __name__ == "__main__":
    main()
