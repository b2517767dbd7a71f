"""ex03: `nn.Conv2d` and its parameters.

ex03：`nn.Conv2d` 和它的参数。

Fill in each part that is marked TODO, save the file, then run `grade ex03`.
把每一处 TODO 补全，保存文件，然后运行 `grade ex03`。
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter


class ConvNet(nn.Module):
    """A network of one convolution. 只有一个卷积层的网络。

    Attributes:
        conv1: `nn.Conv2d`, 3 -> 6 channels, kernel 3, stride 1, padding 0.
            3 -> 6 个通道，卷积核 3，步长 1，不补零。
    """

    def __init__(self) -> None:
        """Create the layer. 创建这个层。"""
        super().__init__()
        ### BEGIN SOLUTION create self.conv1 | 创建 self.conv1
        self.conv1 = nn.Conv2d(3, 6, kernel_size=3, stride=1, padding=0)
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Apply the convolution. 做一次卷积。

        Args:
            x: Images, shape (N, 3, H, W). 图像，形状为 (N, 3, H, W)。

        Returns:
            Feature maps, shape (N, 6, H - 2, W - 2). 特征图，形状为 (N, 6, H - 2, W - 2)。
        """
        ### BEGIN SOLUTION return conv1 applied to x | 返回 conv1 作用于 x 的结果
        return self.conv1(x)
        ### END SOLUTION


# Keyword arguments for `nn.Conv2d`. Each entry gets images of shape (4, in_channels, 32, 32) and
# must reach the shape, and where it says so the number of parameters, in its comment. Replace
# every None; keep what is given; add arguments where you need them.
# `nn.Conv2d` 的关键字参数。每一项的输入是形状为 (4, in_channels, 32, 32) 的图像，
# 输出必须达到注释里的形状（有的还规定了参数个数）。
# 把每个 None 换掉；已给出的保持不变；需要时可以添加别的参数。
CONV_PARAMETERS: dict[str, dict] = {
    # -> (4, 8, 32, 32)
    "keep_size": {
        "in_channels": 3,
        "out_channels": 8,
        "kernel_size": 5,
        "padding": 2,  ### BLANK what keeps 32 at 32? | 怎样让 32 保持为 32？
    },
    # -> (4, 16, 16, 16)
    "halve": {
        "in_channels": 3,
        "out_channels": 16,
        "kernel_size": 3,
        "stride": 2,  ### BLANK what makes 32 into 16? | 怎样让 32 变成 16？
        "padding": 1,  ### BLANK and not into 15? | 又不会变成 15？
    },
    # -> (4, 6, 28, 28)
    "shrink": {
        "in_channels": 3,
        "out_channels": 6,
        "stride": 1,
        "padding": 0,
        "kernel_size": 5,  ### BLANK what makes 32 into 28? | 怎样让 32 变成 28？
    },
    # -> (4, 4, 32, 32)
    "dilated": {
        "in_channels": 3,
        "out_channels": 4,
        "kernel_size": 3,
        "dilation": 2,
        "padding": 2,  ### BLANK what keeps 32 at 32? | 怎样让 32 保持为 32？
    },
    # -> (4, 6, 32, 32), exactly 60 parameters 恰好 60 个参数
    "depthwise": {
        "in_channels": 6,
        "out_channels": 6,
        "kernel_size": 3,
        "padding": 1,
        "groups": 6,  ### BLANK 60 = 6 * 9 + 6 | 60 = 6 * 9 + 6
    },
    # -> (4, 32, 32, 32), exactly 512 parameters 恰好 512 个参数
    "pointwise_no_bias": {
        "in_channels": 16,
        "out_channels": 32,
        "kernel_size": 1,  ### BLANK 512 = 16 * 32 | 512 = 16 * 32
        "bias": False,  ### BLANK see the name of the entry | 看这一项的名字
    },
}


def to_rgb_batch(features: torch.Tensor) -> torch.Tensor:
    """Deal the channels out to images of three, for display. 把通道按三个一组分成图像，用于显示。

    This is a trick for looking at feature maps, no part of a network: channels 0-2 of an image
    become one picture, channels 3-5 the next, and so on.
    这只是为了能看到特征图，不是网络的一部分：
    一张图的第 0-2 通道成为一张图片，第 3-5 通道成为下一张，以此类推。

    Args:
        features: Shape (N, C, H, W), C divisible by 3. 形状 (N, C, H, W)，C 能被 3 整除。

    Returns:
        The same values in the same order, shape (N * C / 3, 3, H, W).
        同样的数值、同样的顺序，形状为 (N * C / 3, 3, H, W)。

    Raises:
        ValueError: C is not divisible by 3; the message names `features`.
            C 不能被 3 整除；错误信息里要写出 `features`。

    Example 例子::

        >>> to_rgb_batch(torch.zeros(64, 6, 30, 30)).shape
        torch.Size([128, 3, 30, 30])
    """
    ### BEGIN SOLUTION check the channels, return the images | 检查通道数，返回图像
    channels, height, width = features.shape[1:]
    if channels % 3 != 0:
        msg = f"features has {channels} channels, which is not divisible by 3"
        raise ValueError(msg)
    return features.reshape(-1, 3, height, width)
    ### END SOLUTION


def log_batches(
    net: nn.Module,
    loader: Iterable[tuple[torch.Tensor, torch.Tensor]],
    log_dir: str,
    max_steps: int | None = None,
) -> int:
    """Write images and feature maps for TensorBoard. 把图像和特征图写给 TensorBoard。

    For each batch, at step 0, 1, 2, ...: the images under the tag `input`, and
    `to_rgb_batch(net(images))` under the tag `output`, both with `SummaryWriter.add_images`.
    The writer is closed at the end.
    对每个批次，在第 0、1、2……步：把图像写到标签 `input` 下，
    把 `to_rgb_batch(net(images))` 写到标签 `output` 下，都用 `SummaryWriter.add_images`。
    最后要关闭 writer。

    Args:
        net: Gives N x 6 x H x W for N x 3 x H x W. 输入 N x 3 x H x W，输出 N x 6 x H x W。
        loader: Gives batches of `(images, targets)`. 给出 `(images, targets)` 批次。
        log_dir: Folder for the event file. 事件文件的文件夹。
        max_steps: Write at most this many batches, 0 or more; None for all.
            最多写多少个批次，不小于 0；None 表示全部。

    Returns:
        The number of steps written. 写了多少步。
    """
    ### BEGIN SOLUTION write the batches, return the step count | 写出各批次，返回步数
    steps = 0
    with SummaryWriter(log_dir) as writer:
        for images, _targets in loader:
            if max_steps is not None and steps >= max_steps:
                break
            with torch.no_grad():
                features = net(images)
            writer.add_images("input", images, steps)
            writer.add_images("output", to_rgb_batch(features), steps)
            steps += 1
    return steps
    ### END SOLUTION
