# 土堆 PyTorch 入门：nn.Conv2d 卷积层
# 2024/03/18 跟着视频敲的代码
import torch
import torchvision
from torch import nn
from torch.nn import Conv2d
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

dataset = torchvision.datasets.CIFAR10(
    "../data", train=False, transform=torchvision.transforms.ToTensor(), download=True
)
dataloader = DataLoader(dataset, batch_size=64)


class ConvNet(nn.Module):
    def __init__(self):
        super(ConvNet, self).__init__()
        # 彩色图像是 3 个通道，输出 6 个通道，卷积核 3×3
        self.conv1 = Conv2d(in_channels=3, out_channels=6, kernel_size=3, stride=1, padding=0)

    def forward(self, x):
        x = self.conv1(x)
        return x


CONV_PARAMETERS = {
    # padding=1 不会改变大小
    "keep_size": {"in_channels": 3, "out_channels": 8, "kernel_size": 5, "padding": 1},
    "halve": {"in_channels": 3, "out_channels": 16, "kernel_size": 3, "stride": 2, "padding": 1},
    "shrink": {"in_channels": 3, "out_channels": 6, "stride": 1, "padding": 0, "kernel_size": 5},
    "dilated": {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "dilation": 2, "padding": 2},
    # 不知道 groups 是什么意思，先空着
    "depthwise": {"in_channels": 6, "out_channels": 6, "kernel_size": 3, "padding": 1},
    "pointwise_no_bias": {"in_channels": 16, "out_channels": 32, "kernel_size": 1, "bias": False},
}


def to_rgb_batch(features):
    # 6 个通道没法显示，只看前 3 个
    return features[:, :3]


def log_batches(net, loader, log_dir, max_steps=None):
    writer = SummaryWriter(log_dir)
    step = 0
    for data in loader:
        if max_steps and step >= max_steps:
            break
        imgs, targets = data
        output = net(imgs)
        # torch.Size([64, 3, 32, 32])
        writer.add_images("input", imgs, step)
        # torch.Size([64, 6, 30, 30]) -> [xxx, 3, 30, 30]
        output = to_rgb_batch(output)
        writer.add_images("output", output, step)
        step = step + 1
    writer.close()
    return step


net = ConvNet()
print(net)

step = 0
writer = SummaryWriter("../logs")
for data in dataloader:
    imgs, targets = data
    output = net(imgs)
    print(imgs.shape)
    print(output.shape)
    writer.add_images("input", imgs, step)
    step = step + 1
writer.close()
