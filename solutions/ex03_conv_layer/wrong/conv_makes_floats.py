# fails: conv_net_trains
# misconception: mixed-dtypes
from __future__ import annotations

import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, kernel_size=3, stride=1, padding=0)

    def forward(self, x):
        x = self.conv1(x.float())
        return x


CONV_PARAMETERS = {
    "keep_size": {"in_channels": 3, "out_channels": 8, "kernel_size": 5, "padding": 2},
    "halve": {"in_channels": 3, "out_channels": 16, "kernel_size": 3, "stride": 2, "padding": 1},
    "shrink": {"in_channels": 3, "out_channels": 6, "stride": 1, "padding": 0, "kernel_size": 5},
    "dilated": {
        "in_channels": 3,
        "out_channels": 4,
        "kernel_size": 3,
        "dilation": 2,
        "padding": 2,
    },
    "depthwise": {
        "in_channels": 6,
        "out_channels": 6,
        "kernel_size": 3,
        "padding": 1,
        "groups": 6,
    },
    "pointwise_no_bias": {"in_channels": 16, "out_channels": 32, "kernel_size": 1, "bias": False},
}


def to_rgb_batch(features):
    n, c, h, w = features.shape
    if c % 3 != 0:
        raise ValueError("the channels of features must be divisible by 3")
    return features.reshape(-1, 3, h, w)


def log_batches(net, loader, log_dir, max_steps=None):
    writer = SummaryWriter(log_dir)
    step = 0
    for imgs, targets in loader:
        if max_steps is not None and step >= max_steps:
            break
        output = net(imgs)
        writer.add_images("input", imgs, step)
        writer.add_images("output", to_rgb_batch(output), step)
        step += 1
    writer.close()
    return step
