"""What the probes look at. 探针所看的东西。"""

import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter


class Small(nn.Module):
    """One convolution `conv`, 1 to 2 channels. 一个卷积 `conv`，1 到 2 通道。"""

    def __init__(self):
        super().__init__()
        # TODO: make the layer
        # TODO: 创建这一层
        raise NotImplementedError("TODO: make the layer | 创建这一层")

    def forward(self, x):
        # TODO: apply the layer
        # TODO: 应用这一层
        raise NotImplementedError("TODO: apply the layer | 应用这一层")


def pooled_size(size):
    """Halve a size. 尺寸减半。"""
    # TODO: halve it
    # TODO: 减半
    raise NotImplementedError("TODO: halve it | 减半")


def pool(x):
    """Take the maximum of each pair, by hand. 手动取每两个数的最大值。"""
    # TODO: take the maximum
    # TODO: 取最大值
    raise NotImplementedError("TODO: take the maximum | 取最大值")


def save(values, path):
    """Save a dict of tensors. 保存张量字典。"""
    # TODO: save it
    # TODO: 保存
    raise NotImplementedError("TODO: save it | 保存")


def log(picture, folder):
    """Log a picture 3×H×W as `picture`. 把 3×H×W 的图片记录为 `picture`。"""
    # TODO: log it
    # TODO: 记录
    raise NotImplementedError("TODO: log it | 记录")
