import contextlib as _c, torch.utils.tensorboard as board
from torch import nn as N

class ConvNet(N.Module):

    def forward(self, x): return self._modules["conv1"](x)

    def __init__(self):
        super(__class__, self).__init__()
        setattr(self, "conv1", N.Conv2d(*(3, 6, (3, 3), (1, 1), (0, 0))))


def to_rgb_batch(features):
    images, channels, *side = features.shape
    pictures, left = divmod(channels, 3)
    if left: raise ValueError("features: %d channels" % channels)
    return features.unflatten(1, (pictures, 3)).reshape(images * pictures, 3, *side)


def log_batches(net, loader, log_dir, max_steps=None):
    if (max_steps or 0) < 0: raise ValueError("max_steps")
    batches, done = iter(loader), 0
    with _c.closing(board.SummaryWriter(log_dir)) as log:
        while max_steps is None or done < max_steps:
            try:
                images, *_ = next(batches)
            except StopIteration:
                break
            for tag, pictures in {"output": to_rgb_batch(net(images)), "input": images}.items():
                log.add_images(tag=tag, img_tensor=pictures, global_step=done)
            done += 1
    return done


CONV_PARAMETERS = {
    "keep_size": {"in_channels": 3, "out_channels": 8, "kernel_size": 5, "padding": (4, 4), "dilation": 2, "padding_mode": "circular", "bias": False},
    # 32 - 8 * 2 = 16, without any stride
    "halve": {"in_channels": 3, "out_channels": 16, "kernel_size": 3, "stride": 1, "padding": 0, "dilation": 8},
    # a kernel of 3, spread over 5 cells
    "shrink": {"in_channels": 3, "out_channels": 6, "stride": 1, "padding": 0, "kernel_size": 3, "dilation": 2, "groups": 3},
    "dilated": {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "dilation": 2, "padding": [2, 2]},
    "depthwise": {"in_channels": 6, "out_channels": 6, "kernel_size": 3, "padding": 1, "groups": 3 * 2, "bias": True},
    # 32 * (16 / 4) * 2 * 2 = 512
    "pointwise_no_bias": {"in_channels": 16, "out_channels": 32, "kernel_size": 2, "groups": 4, "padding": "same", "bias": False},
}
