import torch
from torch import nn
from torch.utils.tensorboard.writer import SummaryWriter


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 3)
        self.register_buffer("seen", torch.zeros(1), persistent=False)

    def forward(self, x):
        print("x:", x.shape)
        y = self.conv1(x)
        print("y:", y.shape)
        return y


def make_parameters():
    keep = {"in_channels": 3, "out_channels": 8, "kernel_size": 5, "padding": 4, "dilation": 2}
    halve = {"in_channels": 3, "out_channels": 16, "kernel_size": 3, "stride": 2, "padding": 1}
    shrink = {"in_channels": 3, "out_channels": 6, "stride": 1, "padding": 0, "kernel_size": 5}
    dilated = {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "dilation": 2, "padding": 2}
    depthwise = {"in_channels": 6, "out_channels": 6, "kernel_size": 3, "padding": 1, "groups": 6}
    pointwise = {"in_channels": 16, "out_channels": 32, "kernel_size": 1, "bias": False}
    return {
        "keep_size": keep,
        "halve": halve,
        "shrink": shrink,
        "dilated": dilated,
        "depthwise": depthwise,
        "pointwise_no_bias": pointwise,
    }


CONV_PARAMETERS = make_parameters()


def to_rgb_batch(features):
    n, c, h, w = features.shape
    if c % 3 != 0:
        raise ValueError("channels")
    return torch.cat([image.reshape(c // 3, 3, h, w) for image in features], dim=0)


def log_batches(net, loader, log_dir, max_steps=None):
    if max_steps == 0:
        return 0
    writer = SummaryWriter(log_dir, flush_secs=1)
    total = 0
    for step, (images, _targets) in enumerate(loader):
        writer.add_images("input", images, step)
        writer.add_images("output", to_rgb_batch(net(images)), step)
        total += 1
        if max_steps is not None and total >= max_steps:
            break
    writer.flush()
    writer.close()
    print("共写入", total, "步")
    return total
