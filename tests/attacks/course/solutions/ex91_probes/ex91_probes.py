"""What the probes look at. 探针所看的东西。"""

import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter


class Small(nn.Module):
    """One convolution `conv`, 1 to 2 channels. 一个卷积 `conv`，1 到 2 通道。"""

    def __init__(self):
        super().__init__()
        ### BEGIN SOLUTION make the layer | 创建这一层
        self.conv = nn.Conv2d(1, 2, kernel_size=3)
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION apply the layer | 应用这一层
        return self.conv(x)
        ### END SOLUTION


def pooled_size(size):
    """Halve a size. 尺寸减半。"""
    ### BEGIN SOLUTION halve it | 减半
    return size // 2
    ### END SOLUTION


def pool(x):
    """Take the maximum of each pair, by hand. 手动取每两个数的最大值。"""
    ### BEGIN SOLUTION take the maximum | 取最大值
    return x.reshape(pooled_size(x.numel()), 2).amax(1)
    ### END SOLUTION


def save(values, path):
    """Save a dict of tensors. 保存张量字典。"""
    ### BEGIN SOLUTION save it | 保存
    torch.save(values, path)
    ### END SOLUTION


def log(picture, folder):
    """Log a picture 3×H×W as `picture`. 把 3×H×W 的图片记录为 `picture`。"""
    ### BEGIN SOLUTION log it | 记录
    with SummaryWriter(folder) as writer:
        writer.add_image("picture", picture)
    ### END SOLUTION
