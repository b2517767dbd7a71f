"""ex01: `torch.nn.Module`, the skeleton of every network.

ex01：`torch.nn.Module`，每个网络的骨架。

Fill in each part that is marked TODO, save the file, then run `grade ex01`.
把每一处 TODO 补全，保存文件，然后运行 `grade ex01`。
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F


class AddOne(nn.Module):
    """A module that adds one to its input; it has nothing to learn.

    把输入加一的模块；它没有任何要学习的东西。

    Example 例子::

        >>> AddOne()(torch.tensor([1.0, 2.0]))
        tensor([2., 3.])
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add one to every element. 给每个元素加一。

        Args:
            x: A tensor of any shape; it must stay as it was. 任意形状的张量，不能被修改。

        Returns:
            A new tensor, same shape and dtype as `x`. 新的张量，形状和 dtype 与 `x` 相同。
        """
        # TODO: return x with one added to every element
        # TODO: 返回每个元素都加一后的 x
        raise NotImplementedError(
            "TODO: return x with one added to every element | 返回每个元素都加一后的 x"
        )


class SmallCNN(nn.Module):
    """A small network for images: convolution, ReLU, pooling, one linear layer.

    一个小的图像网络：卷积、ReLU、池化、一个线性层。

    Attributes:
        conv1: `nn.Conv2d`, 3 -> 16 channels, kernel 3. 3 -> 16 个通道，卷积核为 3。
        pool: `nn.MaxPool2d`, window 2, stride 2. 窗口为 2，步长为 2。
        fc: `nn.Linear` from all values of one image to 10. 从一张图的所有数值到 10 个输出。

    Example 例子::

        >>> SmallCNN()(torch.rand(4, 3, 32, 32)).shape
        torch.Size([4, 10])
    """

    def __init__(self) -> None:
        """Create the three layers. 创建这三个层。"""
        super().__init__()
        # TODO: create conv1, pool and fc on self
        # TODO: 在 self 上创建 conv1、pool 和 fc
        raise NotImplementedError(
            "TODO: create conv1, pool and fc on self | 在 self 上创建 conv1、pool 和 fc"
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute `fc(flatten(pool(relu(conv1(x)))))`. 计算 `fc(flatten(pool(relu(conv1(x)))))`。

        Args:
            x: Images, shape (N, 3, 32, 32). 图像，形状为 (N, 3, 32, 32)。

        Returns:
            Ten numbers for each image, shape (N, 10). 每张图十个数，形状为 (N, 10)。
        """
        # TODO: send x through all five steps
        # TODO: 让 x 依次经过这五步
        raise NotImplementedError("TODO: send x through all five steps | 让 x 依次经过这五步")


def count_parameters(model: nn.Module) -> int:
    """Count the numbers that training can change. 统计训练可以改变的数的个数。

    Args:
        model: Any module. 任意模块。

    Returns:
        How many elements the trainable parameters have in all. Frozen parameters
        (`requires_grad=False`) do not count; a parameter that two layers share counts once.
        所有可训练参数的元素总数。冻结的参数（`requires_grad=False`）不算；
        两个层共用的参数只算一次。

    Example 例子::

        >>> count_parameters(nn.Linear(3, 2))  # 3 * 2 weights + 2 biases
        8
    """
    # TODO: count the trainable elements
    # TODO: 统计可训练的元素个数
    raise NotImplementedError("TODO: count the trainable elements | 统计可训练的元素个数")


def save_weights(model: nn.Module, path: str | Path) -> None:
    """Write the model's weights, and nothing else, to a file. 只把模型的权重写入文件。

    Args:
        model: Any module; it stays as it was. 任意模块，不会被改变。
        path: The file to write, such as `"weights.pt"`. 要写入的文件，例如 `"weights.pt"`。

    The file holds tensors only, so that `torch.load(path, weights_only=True)` reads it.
    文件里只有张量，所以 `torch.load(path, weights_only=True)` 能读取它。
    """
    # TODO: save the state_dict of the model to path
    # TODO: 把模型的 state_dict 保存到 path
    raise NotImplementedError(
        "TODO: save the state_dict of the model to path | 把模型的 state_dict 保存到 path"
    )


def load_weights(model: nn.Module, path: str | Path) -> nn.Module:
    """Read weights from a file into the model. 从文件中读取权重，放进模型。

    Args:
        model: A module of the same structure as the saved one. 与保存时结构相同的模块。
        path: A file that `save_weights` wrote. 由 `save_weights` 写出的文件。

    Returns:
        The model, now with the weights of the file. 这个模型，它的权重已换成文件中的权重。

    Raises:
        ValueError: The weights do not fit the model; the message names `path` or `model`.
            权重与模型不匹配；错误信息里要写出 `path` 或 `model`。
        FileNotFoundError: There is no such file. 文件不存在。
    """
    # TODO: load path into model, return model
    # TODO: 把 path 读入 model 并返回 model
    raise NotImplementedError(
        "TODO: load path into model, return model | 把 path 读入 model 并返回 model"
    )
