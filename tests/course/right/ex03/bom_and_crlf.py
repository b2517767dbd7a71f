import itertools
import torch
import torch.nn as nn
import torch.utils.tensorboard as tb


class ConvNet(nn.Module):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.conv1 = nn.Conv2d(3, 6, 3)
        self.print_shapes = False

    def forward(self, input):
        output = self.conv1(input)
        if self.print_shapes:
            print(output.shape)
        return output


CONV_PARAMETERS: dict = {}
CONV_PARAMETERS["keep_size"] = {"in_channels": 3, "out_channels": 8, "kernel_size": (5, 5), "padding": (2, 2)}
CONV_PARAMETERS["halve"] = {"in_channels": 3, "out_channels": 16, "kernel_size": 3, "stride": 2, "padding": 1, "bias": False}
CONV_PARAMETERS["shrink"] = {"in_channels": 3, "out_channels": 6, "stride": (1, 1), "padding": (0, 0), "kernel_size": (5, 5)}
CONV_PARAMETERS["dilated"] = {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "dilation": (2, 2), "padding": (2, 2)}
CONV_PARAMETERS["depthwise"] = {"in_channels": 6, "out_channels": 6, "kernel_size": 3, "padding": 1, "groups": 6, "padding_mode": "reflect"}
CONV_PARAMETERS["pointwise_no_bias"] = {"in_channels": 16, "out_channels": 32, "kernel_size": (1, 1), "bias": False}


def to_rgb_batch(features):
    n, c, h, w = features.size()
    pictures, rest = divmod(c, 3)
    if rest != 0:
        raise ValueError("features: %d channels" % c)
    return features.contiguous().view(n * pictures, 3, h, w)


@torch.no_grad()
def log_batches(net, loader, log_dir, max_steps=None):
    steps = 0
    with tb.SummaryWriter(log_dir=log_dir) as w:
        for steps, (images, _) in enumerate(itertools.islice(loader, max_steps), start=1):
            w.add_images("input", images, global_step=steps - 1)
            w.add_images("output", to_rgb_batch(net(images)), global_step=steps - 1, dataformats="NCHW")
    return steps
