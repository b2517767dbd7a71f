import torch, torch.nn as nn
from torch.utils import tensorboard

try:
    class Net(nn.Module):
        def __init__(self):
            super(Net, self).__init__()
            self.conv1 = nn.Conv2d(3, 6, 3, 1, 0)
            self.my_unused = nn.Identity()
        forward = lambda self, x: self.my_unused(self.conv1(x))
except Exception as e:
    print("出错了", e)

ConvNet = Net

_base = dict(in_channels=3, kernel_size=3)
CONV_PARAMETERS = {
    "keep_size": {**_base, "out_channels": 8, "kernel_size": 5, "padding": 2, "stride": 1, "dilation": 1, "groups": 1},
    "halve": {**_base, "out_channels": 16, "stride": 2, "padding": 1},
    "shrink": {**_base, "out_channels": 6, "kernel_size": 5, "stride": 1, "padding": 0},
    "dilated": {**_base, "out_channels": 4, "dilation": 2, "padding": 2},
    "depthwise": {**_base, "in_channels": 6, "out_channels": 6, "padding": 1, "groups": 6},
    "pointwise_no_bias": {"in_channels": 16, "out_channels": 32, "kernel_size": 1, "bias": False},
}


class ChannelError(ValueError):
    def __init__(self, channels):
        super().__init__(f"features with {channels} channels")


def _rgb(features):
    if features.size(1) % 3 > 0:
        raise ChannelError(features.size(1))
    return features.unflatten(1, (-1, 3)).flatten(0, 1)


def _log(net, loader, log_dir, max_steps=None):
    w, step = tensorboard.SummaryWriter(log_dir), 0
    batches = iter(loader)
    while max_steps is None or step < max_steps:
        try:
            images, targets = next(batches)
        except StopIteration:
            break
        w.add_images("input", images, step)
        w.add_images("output", _rgb(net(images)), step)
        step += 1
    w.close()
    return step


to_rgb_batch = _rgb
log_batches = _log
