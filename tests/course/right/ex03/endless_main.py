from typing import Any
import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter

CHANNELS = 3


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(CHANNELS, 2 * CHANNELS, kernel_size=(3, 3), stride=(1, 1), padding=(0, 0))

    def forward(self, x):
        return self.conv1.forward(x)


def same(kernel, dilation=1):
    return dilation * (kernel - 1) // 2


CONV_PARAMETERS: dict[str, dict[str, Any]] = {
    "keep_size": {"in_channels": 3, "out_channels": 8, "kernel_size": 5, "padding": same(5)},
    "halve": {"in_channels": 3, "out_channels": 16, "kernel_size": 3, "padding": same(3), "stride": 2},
    "shrink": {"in_channels": 3, "out_channels": 6, "stride": 1, "padding": 0, "kernel_size": 5},
    "dilated": {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "dilation": 2, "padding": same(3, 2)},
    "depthwise": {"in_channels": 6, "out_channels": 6, "kernel_size": 3, "padding": 1, "groups": 6},
    "pointwise_no_bias": {"in_channels": 16, "out_channels": 32, "kernel_size": 1, "bias": False},
}


def to_rgb_batch(features):
    """Deal out the channels, three by three."""
    channels = features.shape[1]
    if channels % 3 != 0:
        raise ValueError(f"{channels} channels: features cannot be shown")

    def pictures():
        for image in features:
            for first in range(0, channels, 3):
                yield image[first : first + 3]

    return torch.stack(list(pictures()))


def log_batches(net, loader, log_dir, max_steps=None):
    limit = float("inf") if max_steps is None else max_steps
    writer = SummaryWriter(log_dir)
    try:
        count = 0
        for batch in loader:
            if not count < limit:
                break
            writer.add_images("output", to_rgb_batch(net(batch[0])).detach(), count)
            writer.add_images("input", batch[0], count)
            count += 1
        return count
    finally:
        writer.close()


if __name__ == "__main__":
    net = ConvNet()
    while True:
        print(net(torch.rand(64, 3, 32, 32)).shape)
