# 卷积层 nn.Conv2d
import torch
import torchvision
from torch import nn
from torch.nn import Conv2d
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

dataset = torchvision.datasets.CIFAR10("../data", train=False, transform=torchvision.transforms.ToTensor(),
                                       download=True)
dataloader = DataLoader(dataset, batch_size=64)


class ConvNet(nn.Module):
    def __init__(self):
        super(ConvNet, self).__init__()
        # 彩色图像三个通道，输出六个通道
        self.conv1 = Conv2d(in_channels=3, out_channels=6, kernel_size=3, stride=1, padding=0)

    def forward(self, x):
        x = self.conv1(x)
        return x


CONV_PARAMETERS = {
    "keep_size": dict(in_channels=3, out_channels=8, kernel_size=5, padding="same"),
    "halve": dict(in_channels=3, out_channels=16, kernel_size=3, stride=(2, 2), padding=(1, 1)),
    "shrink": dict(in_channels=3, out_channels=6, stride=1, padding=0, kernel_size=3, dilation=2),
    "dilated": dict(in_channels=3, out_channels=4, kernel_size=3, dilation=2, padding="same"),
    "depthwise": dict(in_channels=6, out_channels=6, kernel_size=3, padding=1, groups=6),
    "pointwise_no_bias": dict(in_channels=16, out_channels=32, kernel_size=1, bias=False),
}


def to_rgb_batch(features):
    if features.shape[1] % 3:
        raise ValueError("features 的通道数不能被 3 整除")
    # torch.Size([64, 6, 30, 30]) -> [128, 3, 30, 30]
    return torch.reshape(features, (-1, 3, features.shape[2], features.shape[3]))


def log_batches(net, loader, log_dir, max_steps=None):
    writer = SummaryWriter(log_dir)
    step = 0
    for data in loader:
        if max_steps is not None and step == max_steps:
            break
        imgs, targets = data
        output = net(imgs)
        print(imgs.shape)
        print(output.shape)
        writer.add_images("input", imgs, step)
        output = to_rgb_batch(output)
        writer.add_images("output", output, step)
        step = step + 1
    writer.close()
    return step


tudui = ConvNet()
print(tudui)
print(log_batches(tudui, dataloader, "../logs"))
