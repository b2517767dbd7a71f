import itertools, torch
from torch import nn
from torch.utils import tensorboard as tb
class ConvNet(nn.Module):
    def __init__(self):
        nn.Module.__init__(self)
        self.conv1 = nn.Conv2d(3, 6, 3, padding="valid")
    forward = lambda self, x: self.conv1(x)
P = dict(in_channels=3, kernel_size=5)
CONV_PARAMETERS = {"keep_size": {**P, "out_channels": 8, "padding": "same", "dtype": torch.float32, "device": "cpu"}}
CONV_PARAMETERS["halve"] = dict(in_channels=3, out_channels=16, kernel_size=(3, 3), stride=(2, 2), padding=[1, 1])
CONV_PARAMETERS.update(shrink=dict(in_channels=3, out_channels=6, stride=1, padding="valid", kernel_size=3, dilation=2))
for name, value in [("dilated", dict(in_channels=3, out_channels=4, kernel_size=3, dilation=2, padding=2))]:
    CONV_PARAMETERS[name] = value
CONV_PARAMETERS |= {"depthwise": dict(in_channels=6, out_channels=6, kernel_size=3, padding=1, groups=6)}
CONV_PARAMETERS["pointwise_no_bias"] = {"in_channels": 16, "out_channels": 32, "kernel_size": 1, "bias": False, "padding_mode": "zeros"}
def to_rgb_batch(features):
    n, c, h, w = features.size()
    if c % 3 != 0: raise ValueError("features")
    return torch.cat([f.reshape(c // 3, 3, h, w) for f in features])
def log_batches(net, loader, log_dir, max_steps=None):
    with tb.SummaryWriter(log_dir=log_dir) as w, torch.no_grad():
        step = 0
        for step, (imgs, _) in enumerate(itertools.islice(loader, max_steps), 1):
            w.add_images(tag="input", img_tensor=imgs, global_step=step - 1)
            w.add_images("output_first3", net(imgs)[:, :3], step - 1)
            w.add_images("output", to_rgb_batch(net(imgs)), step - 1)
    return step
