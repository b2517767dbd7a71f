"""ex06: the linear layer.

ex06：线性层。

Fill in each part that is marked TODO, save the file, then run `grade ex06`.
把每一处 TODO 补全，保存文件，然后运行 `grade ex06`。
"""

from __future__ import annotations

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class LinearNet(nn.Module):
    """A network of one linear layer, which takes a whole batch as one long vector.

    只有一个线性层的网络，它把整个批次当作一个长向量。

    Attributes:
        linear_1: `nn.Linear`, 196608 -> 10; 196608 = 64 * 3 * 32 * 32.
            196608 -> 10；196608 = 64 * 3 * 32 * 32。
    """

    def __init__(self) -> None:
        """Create the layer. 创建这个层。"""
        super().__init__()
        ### BEGIN SOLUTION create self.linear_1 | 创建 self.linear_1
        # 64 images of 3 channels of 32 x 32: the whole batch is one vector.
        self.linear_1 = nn.Linear(64 * 3 * 32 * 32, 10)
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Apply the layer. 使用这个层。

        Args:
            x: A flat vector, shape (196608,). 展平后的向量，形状为 (196608,)。

        Returns:
            Ten numbers for the whole batch, shape (10,). 整个批次的十个数，形状为 (10,)。
        """
        ### BEGIN SOLUTION return linear_1 applied to x | 返回 linear_1 作用于 x 的结果
        return self.linear_1(x)
        ### END SOLUTION


def flatten_all(images: torch.Tensor) -> torch.Tensor:
    """Make a whole batch into one vector. 把整个批次变成一个向量。

    Args:
        images: Shape (N, C, H, W), in any memory layout. 形状 (N, C, H, W)，内存布局任意。

    Returns:
        The same values in row-major order, shape (N * C * H * W,).
        同样的数值，按行优先的顺序，形状为 (N * C * H * W,)。

    Example 例子::

        >>> flatten_all(torch.zeros(64, 3, 32, 32)).shape
        torch.Size([196608])
    """
    ### BEGIN SOLUTION return one vector | 返回一个向量
    # `view(-1)` would fail where the images do not lie in memory row by row.
    return images.reshape(-1)
    ### END SOLUTION


def flatten_each(images: torch.Tensor) -> torch.Tensor:
    """Make each image of a batch into a vector. 把批次里的每张图变成一个向量。

    Args:
        images: Shape (N, C, H, W), in any memory layout. 形状 (N, C, H, W)，内存布局任意。

    Returns:
        One row for each image, shape (N, C * H * W), also for one image.
        每张图一行，形状为 (N, C * H * W)；只有一张图时也一样。

    Example 例子::

        >>> flatten_each(torch.zeros(64, 3, 32, 32)).shape
        torch.Size([64, 3072])
    """
    ### BEGIN SOLUTION return one row for each image | 每张图返回一行
    # Dimension 0 counts the images; all that follows belongs to one image.
    return torch.flatten(images, start_dim=1)
    ### END SOLUTION


def linear(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
    """Compute what `nn.Linear` computes. 计算 `nn.Linear` 所计算的结果。

    By hand: `F.linear`, `nn.Linear`, `addmm`, `baddbmm` and `bilinear` are not allowed.
    要求手写：不能使用 `F.linear`、`nn.Linear`、`addmm`、`baddbmm` 和 `bilinear`。

    Args:
        x: Shape (..., in): any number of dimensions, the last one holds the features.
            形状 (..., in)：维数任意，最后一维是特征。
        weight: Shape (out, in): one row for each output. 形状 (out, in)：每个输出一行。
        bias: Shape (out,), or None. 形状 (out,)，或者 None。

    Returns:
        Shape (..., out). 形状 (..., out)。

    Raises:
        ValueError: The shapes do not fit each other; the message names the argument.
            形状互相不匹配；错误信息里要写出参数名。

    Example 例子::

        >>> linear(torch.tensor([1.0, 2.0]), torch.tensor([[3.0, 4.0]]), torch.tensor([5.0]))
        tensor([16.])
    """
    ### BEGIN SOLUTION check the shapes, return x times weight plus bias | 检查形状，返回乘积加偏置
    if weight.dim() != 2:
        msg = f"weight must have shape (out, in), got {tuple(weight.shape)}"
        raise ValueError(msg)
    outputs, inputs = weight.shape
    if x.dim() == 0 or x.shape[-1] != inputs:
        msg = f"x must have {inputs} features in its last dimension, got {tuple(x.shape)}"
        raise ValueError(msg)
    if bias is not None and tuple(bias.shape) != (outputs,):
        msg = f"bias must have shape ({outputs},), got {tuple(bias.shape)}"
        raise ValueError(msg)
    # Output o is the sum of x * weight[o]; the rows of `weight` become columns by `.T`.
    product = x @ weight.T
    return product if bias is None else product + bias
    ### END SOLUTION


def count_batches(n_samples: int, batch_size: int, drop_last: bool) -> int:
    """Count the batches of a data loader. 计算数据加载器给出的批次数。

    Args:
        n_samples: How many samples there are, not negative. 样本的个数，不能为负。
        batch_size: How many samples make a full batch, at least 1. 一个满批次的样本数，至少为 1。
        drop_last: Whether a last batch that is not full is left out. 是否舍去不满的最后一个批次。

    Returns:
        The number of batches, an int. 批次数，int 类型。

    Raises:
        ValueError: An argument is too small; the message names it.
            某个参数太小；错误信息里要写出参数名。

    Example 例子::

        >>> count_batches(10, 4, drop_last=False), count_batches(10, 4, drop_last=True)
        (3, 2)
    """
    ### BEGIN SOLUTION check the arguments, return the number of batches | 检查参数，返回批次数
    if n_samples < 0:
        msg = f"n_samples must not be negative, got {n_samples}"
        raise ValueError(msg)
    if batch_size < 1:
        msg = f"batch_size must be at least 1, got {batch_size}"
        raise ValueError(msg)
    full, left_over = divmod(n_samples, batch_size)
    return full if drop_last or left_over == 0 else full + 1
    ### END SOLUTION


def make_loader(dataset: Dataset, batch_size: int = 64) -> DataLoader:
    """Make a loader whose batches are all full. 创建一个加载器，它给出的批次都是满的。

    `LinearNet` takes exactly 64 images at once: a short last batch would not fit.
    `LinearNet` 一次恰好接收 64 张图：不满的最后一个批次放不进去。

    Args:
        dataset: Anything with `__len__` and `__getitem__`.
            任何有 `__len__` 和 `__getitem__` 的对象。
        batch_size: How many samples make a batch. 一个批次的样本数。

    Returns:
        A loader that gives the samples in their order, never a short batch, and starts no
        worker processes.
        加载器按原有顺序给出样本，从不给出不满的批次，也不启动工作进程。
    """
    ### BEGIN SOLUTION return the loader | 返回加载器
    # In order and without processes is how a DataLoader works unless it is told otherwise.
    return DataLoader(dataset, batch_size=batch_size, drop_last=True)
    ### END SOLUTION
