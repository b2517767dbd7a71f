"""ex02: what a convolution computes.

ex02：卷积到底算了什么。

Fill in each part that is marked TODO, save the file, then run `grade ex02`.
把每一处 TODO 补全，保存文件，然后运行 `grade ex02`。
"""

from __future__ import annotations

import torch
from torch.nn import functional as F


def to_nchw(matrix: torch.Tensor) -> torch.Tensor:
    """Make a matrix into a batch of one image with one channel. 把矩阵变成一张单通道图像的批次。

    Args:
        matrix: A matrix, shape (H, W), any dtype. 矩阵，形状为 (H, W)，dtype 任意。

    Returns:
        The same values, shape (1, 1, H, W), float32. 同样的数值，形状 (1, 1, H, W)，float32。

    Raises:
        ValueError: `matrix` has not exactly two dimensions. `matrix` 不是恰好二维。

    Example 例子::

        >>> to_nchw(torch.tensor([[1, 2, 3], [4, 5, 6]])).shape
        torch.Size([1, 1, 2, 3])
    """
    ### BEGIN SOLUTION return float32, shape (1, 1, H, W) | 返回 float32，形状 (1, 1, H, W)
    if matrix.dim() != 2:
        msg = f"matrix must have 2 dimensions, got shape {tuple(matrix.shape)}"
        raise ValueError(msg)
    return matrix.to(torch.float32)[None, None]
    ### END SOLUTION


def output_size(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Compute how long the output of a convolution is along one side. 计算卷积输出一条边的长度。

    floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1

    Args:
        size: Length of the input's side, at least 1. 输入的边长，至少为 1。
        kernel_size: Length of the kernel's side, at least 1. 卷积核的边长，至少为 1。
        stride: How far the kernel moves each time, at least 1. 卷积核每次移动的距离，至少为 1。
        padding: Rings of zeros on each side, at least 0. 每一侧补零的圈数，至少为 0。
        dilation: Distance between the kernel's elements, at least 1. 卷积核元素间距，至少为 1。

    Returns:
        The length, an int. 边长，int 类型。

    Raises:
        ValueError: An argument is too small, or the kernel does not fit into the padded input;
            the message names the argument.
            某个参数太小，或者卷积核放不进补零后的输入；错误信息里要写出参数名。

    Example 例子::

        >>> output_size(5, 3)
        3
        >>> output_size(5, 3, stride=2)
        2
    """
    ### BEGIN SOLUTION check the arguments, return the length | 检查参数，返回边长
    smallest = {"size": 1, "kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1}
    given = (size, kernel_size, stride, padding, dilation)
    for (name, least), value in zip(smallest.items(), given, strict=True):
        if value < least:
            msg = f"{name} must be at least {least}, got {value}"
            raise ValueError(msg)
    reach = dilation * (kernel_size - 1) + 1
    if reach > size + 2 * padding:
        msg = f"kernel_size {kernel_size} spans {reach}, the padded input has {size + 2 * padding}"
        raise ValueError(msg)
    return (size + 2 * padding - reach) // stride + 1
    ### END SOLUTION


def convolve(
    image: torch.Tensor, kernel: torch.Tensor, stride: int = 1, padding: int = 0
) -> torch.Tensor:
    """Slide the kernel over the image, multiply and add up. 让卷积核在图像上滑动，相乘再相加。

    As in every deep learning library this is a cross-correlation: the kernel is not flipped.
    By hand: `F.conv2d`, `nn.Conv2d` and their relatives are not allowed.
    与所有深度学习库一样，这里算的是互相关：卷积核不翻转。
    要求手写：不能使用 `F.conv2d`、`nn.Conv2d` 以及同类的函数。

    Args:
        image: Shape (H, W), float32 or float64. 形状 (H, W)，float32 或 float64。
        kernel: Shape (kH, kW), same dtype as `image`. 形状 (kH, kW)，dtype 与 `image` 相同。
        stride: Same for both directions. 两个方向相同。
        padding: Rings of zeros round the image. 图像四周补零的圈数。

    Returns:
        Shape (oH, oW), same dtype and device as `image`.
        形状 (oH, oW)，dtype 和设备与 `image` 相同。

    Raises:
        ValueError: Where `output_size` raises it. 与 `output_size` 抛出的情形相同。

    Example 例子::

        >>> convolve(torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([[1.0, 10.0]]))
        tensor([[21., 32.]])
    """
    ### BEGIN SOLUTION compute the cross-correlation with tensor operations | 用张量运算算出互相关
    rows = output_size(image.shape[0], kernel.shape[0], stride, padding)
    columns = output_size(image.shape[1], kernel.shape[1], stride, padding)
    padded = F.pad(image, (padding, padding, padding, padding))
    output = image.new_zeros(rows, columns)
    # One step for each element of the kernel: the values that it meets, over all positions.
    for i in range(kernel.shape[0]):
        for j in range(kernel.shape[1]):
            met = padded[i::stride, j::stride][:rows, :columns]
            output = output + kernel[i, j] * met
    return output
    ### END SOLUTION


def compare_convolutions(image: torch.Tensor, kernel: torch.Tensor) -> dict[str, torch.Tensor]:
    """Convolve with `F.conv2d` in three ways. 用 `F.conv2d` 以三种方式做卷积。

    Args:
        image: Shape (H, W), float32. 形状 (H, W)，float32。
        kernel: Shape (kH, kW), float32. 形状 (kH, kW)，float32。

    Returns:
        Three tensors of shape (1, 1, oH, oW): `"standard"` (stride 1, no padding),
        `"strided"` (stride 2, no padding) and `"padded"` (stride 1, padding 1).
        三个形状为 (1, 1, oH, oW) 的张量：`"standard"`（步长 1，不补零）、
        `"strided"`（步长 2，不补零）和 `"padded"`（步长 1，补一圈零）。
    """
    ### BEGIN SOLUTION return the three results in a dict | 用字典返回三个结果
    x, weight = to_nchw(image), to_nchw(kernel)
    return {
        "standard": F.conv2d(x, weight),
        "strided": F.conv2d(x, weight, stride=2),
        "padded": F.conv2d(x, weight, padding=1),
    }
    ### END SOLUTION
