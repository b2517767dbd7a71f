"""ex04: max pooling.

ex04：最大池化。

Fill in each part that is marked TODO, save the file, then run `grade ex04`.
把每一处 TODO 补全，保存文件，然后运行 `grade ex04`。
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F


class MaxPoolNet(nn.Module):
    """A network of one pooling layer. 只有一个池化层的网络。

    Attributes:
        maxpool1: `nn.MaxPool2d` of kernel 3. 核为 3 的 `nn.MaxPool2d`。
    """

    def __init__(self, ceil_mode: bool = True) -> None:
        """Create the layer. 创建这个层。

        Args:
            ceil_mode: Keep the windows that stick out at the right and bottom.
                是否保留在右边和下边伸出边界的窗口。
        """
        super().__init__()
        # TODO: create self.maxpool1
        # TODO: 创建 self.maxpool1
        raise NotImplementedError("TODO: create self.maxpool1 | 创建 self.maxpool1")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Apply the layer. 使用这个层。

        Args:
            x: Images, shape (N, C, H, W). 图像，形状为 (N, C, H, W)。

        Returns:
            Shape (N, C, oH, oW). 形状为 (N, C, oH, oW)。
        """
        # TODO: return maxpool1 applied to x
        # TODO: 返回 maxpool1 作用于 x 的结果
        raise NotImplementedError(
            "TODO: return maxpool1 applied to x | 返回 maxpool1 作用于 x 的结果"
        )


def pool_output_size(
    size: int,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    ceil_mode: bool = False,
) -> int:
    """Compute how long the output of a pooling is along one side. 计算池化输出一条边的长度。

    (size + 2 * padding - kernel_size) / stride, rounded down, or up with `ceil_mode`; then + 1.
    With `ceil_mode`, a last window that would start beyond the input and its left padding is
    dropped, as PyTorch does.
    (size + 2 * padding - kernel_size) / stride 向下取整，`ceil_mode` 时向上取整；然后 + 1。
    `ceil_mode` 时，如果最后一个窗口的起点超出了输入及其左侧补的部分，就舍去它，与 PyTorch 一致。

    Args:
        size: Length of the input's side, at least 1. 输入的边长，至少为 1。
        kernel_size: Length of a window's side, at least 1. 窗口的边长，至少为 1。
        stride: How far the window moves each time, at least 1; None for the kernel's size.
            窗口每次移动的距离，至少为 1；None 表示等于核的大小。
        padding: Rings on each side, from 0 to half of the kernel.
            每一侧补的圈数，从 0 到核的一半。
        ceil_mode: Round up in place of down. 用向上取整代替向下取整。

    Returns:
        The length, an int. 边长，int 类型。

    Raises:
        ValueError: An argument is too small, the padding is more than half of the kernel, or the
            kernel does not fit into the padded input (with `ceil_mode` too); the message names
            the argument.
            某个参数太小，padding 超过核的一半，或者核放不进补过的输入（`ceil_mode` 时也一样）；
            错误信息里要写出参数名。

    Example 例子::

        >>> pool_output_size(8, 3)
        2
        >>> pool_output_size(8, 3, ceil_mode=True)
        3
    """
    # TODO: check the arguments, return the length
    # TODO: 检查参数，返回边长
    raise NotImplementedError("TODO: check the arguments, return the length | 检查参数，返回边长")


def max_pool(
    x: torch.Tensor,
    kernel_size: int,
    stride: int | None = None,
    ceil_mode: bool = False,
) -> torch.Tensor:
    """Take the largest number of each window. 取每个窗口里最大的数。

    By hand: `F.max_pool2d`, `nn.MaxPool2d` and their relatives are not allowed.
    要求手写：不能使用 `F.max_pool2d`、`nn.MaxPool2d` 以及同类的函数。

    Args:
        x: Shape (N, C, H, W), float32 or float64. 形状 (N, C, H, W)，float32 或 float64。
        kernel_size: Length of a window's side. 窗口的边长。
        stride: How far the window moves each time; None for the kernel's size.
            窗口每次移动的距离；None 表示等于核的大小。
        ceil_mode: Keep the windows that stick out at the right and bottom; they take the largest
            of the numbers that they do hold.
            保留在右边和下边伸出边界的窗口；它们取窗口内实有的数中最大的。

    Returns:
        Shape (N, C, oH, oW), same dtype and device as `x`.
        形状 (N, C, oH, oW)，dtype 和设备与 `x` 相同。

    Raises:
        ValueError: Where `pool_output_size` raises it. 与 `pool_output_size` 抛出的情形相同。

    Example 例子::

        >>> max_pool(torch.tensor([[[[1.0, 5.0, 2.0, -3.0]] * 2]]), 2)
        tensor([[[[5., 2.]]]])
    """
    # TODO: take the maximum of each window
    # TODO: 取每个窗口的最大值
    raise NotImplementedError("TODO: take the maximum of each window | 取每个窗口的最大值")


# What a pooling layer has and does. Replace every None.
# 池化层有什么、做什么。把每个 None 换掉。
POOLING_FACTS: dict[str, object] = {
    # How many numbers does `nn.MaxPool2d(3)` learn? An int.
    # `nn.MaxPool2d(3)` 要学习多少个数？int。
    "learnable_parameters": None,  # TODO: how many? | 多少个？
    # By how much does its window move if nothing is said about it? An int.
    # 没有特别说明时，它的窗口每次移动多少？int。
    "default_stride_of_kernel_3": None,  # TODO: how far? | 多远？
    # Can the output have another number of channels than the input? A bool.
    # 输出的通道数会与输入不同吗？bool。
    "changes_channel_count": None,  # TODO: True or False? | True 还是 False？
    # The side of the output for a 5x5 input and kernel 3, without and with `ceil_mode`. Ints.
    # 输入为 5x5、核为 3 时输出的边长，分别是不用和使用 `ceil_mode` 的情形。int。
    "output_side_of_5x5_kernel_3_floor": None,  # TODO: rounded down | 向下取整
    "output_side_of_5x5_kernel_3_ceil": None,  # TODO: rounded up | 向上取整
}
