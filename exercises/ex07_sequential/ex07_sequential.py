"""ex07: a whole network in `nn.Sequential`, and its shape table.

ex07：用 `nn.Sequential` 写出完整的网络，以及它的形状表。

Fill in each part that is marked TODO, save the file, then run `grade ex07`.
把每一处 TODO 补全，保存文件，然后运行 `grade ex07`。
"""

from __future__ import annotations

import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter


class Cifar10Net(nn.Module):
    """The network of the course for CIFAR-10: 145,578 parameters.

    课程里用于 CIFAR-10 的网络：共 145,578 个参数。

    Attributes:
        model_1: `nn.Sequential` of nine layers:
            Conv2d 3 -> 32, kernel 5, padding 2; MaxPool2d 2;
            Conv2d 32 -> 32, kernel 5, padding 2; MaxPool2d 2;
            Conv2d 32 -> 64, kernel 5, padding 2; MaxPool2d 2;
            Flatten; Linear 1024 -> 64; Linear 64 -> 10.
            由九个层组成的 `nn.Sequential`，依次如上。
    """

    def __init__(self) -> None:
        """Create the network. 创建网络。"""
        super().__init__()
        # TODO: create self.model_1
        # TODO: 创建 self.model_1
        raise NotImplementedError("TODO: create self.model_1 | 创建 self.model_1")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Apply `model_1`. 使用 `model_1`。

        Args:
            x: Images, shape (N, 3, 32, 32). 图像，形状为 (N, 3, 32, 32)。

        Returns:
            Ten numbers for each image, shape (N, 10). 每张图十个数，形状为 (N, 10)。
        """
        # TODO: return model_1 applied to x
        # TODO: 返回 model_1 作用于 x 的结果
        raise NotImplementedError(
            "TODO: return model_1 applied to x | 返回 model_1 作用于 x 的结果"
        )


# The shape after each layer of Cifar10Net, for a batch of 64. Work each one out by hand, then
# replace its None by a tuple.
# Cifar10Net 每一层之后的形状，批次大小为 64。每一个都先手算，再把 None 换成元组。
SHAPE_TABLE: list[tuple[str, tuple]] = [
    ("input", (64, 3, 32, 32)),
    ("conv1", None),  # TODO: kernel 5, padding 2 | 卷积核 5，补零 2
    ("maxpool1", None),  # TODO: window 2 | 窗口 2
    ("conv2", None),  # TODO: kernel 5, padding 2 | 卷积核 5，补零 2
    ("maxpool2", None),  # TODO: window 2 | 窗口 2
    ("conv3", None),  # TODO: kernel 5, padding 2 | 卷积核 5，补零 2
    ("maxpool3", None),  # TODO: window 2 | 窗口 2
    ("flatten", None),  # TODO: one row for each image | 每张图一行
    ("linear1", None),  # TODO: to 64 features | 变成 64 个特征
    ("linear2", None),  # TODO: to 10 features | 变成 10 个特征
]


def trace_shapes(model: nn.Sequential, input_size: tuple[int, ...]) -> list[tuple[str, tuple]]:
    """Run a network and note the shape after each of its layers. 运行网络，记下每一层之后的形状。

    The model stays as it was: its mode (train or eval), parameters, buffers and hooks.
    模型保持原样：模式（train 或 eval）、参数、buffer 和 hook 都不变。

    Args:
        model: Any `nn.Sequential`; each of its layers gives one tensor.
            任意 `nn.Sequential`；它的每一层都给出一个张量。
        input_size: Shape of the batch of floats to run it on. 用来运行的一批浮点数的形状。

    Returns:
        `(class name, output shape)` for each layer of `model`, in order. A layer that holds
        others counts as one.
        按顺序给出 `model` 每一层的 `(类名, 输出形状)`。内部含有其他层的层只算一层。

    Example 例子::

        >>> trace_shapes(nn.Sequential(nn.Flatten(), nn.Linear(12, 5)), (2, 3, 2, 2))
        [('Flatten', (2, 12)), ('Linear', (2, 5))]
    """
    # TODO: run layer after layer, return the rows
    # TODO: 逐层运行，返回各行
    raise NotImplementedError("TODO: run layer after layer, return the rows | 逐层运行，返回各行")


def log_graph(
    model: nn.Module, log_dir: str, input_size: tuple[int, ...] = (64, 3, 32, 32)
) -> None:
    """Write a model's graph for TensorBoard. 把模型的计算图写给 TensorBoard。

    With `SummaryWriter.add_graph`; the writer is closed at the end.
    使用 `SummaryWriter.add_graph`；最后要关闭 writer。

    Args:
        model: Any module. 任意模块。
        log_dir: Folder for the event file. 事件文件的文件夹。
        input_size: Shape of the batch that goes through the model. 送入模型的批次的形状。
    """
    # TODO: write the graph, close the writer
    # TODO: 写出计算图，关闭 writer
    raise NotImplementedError("TODO: write the graph, close the writer | 写出计算图，关闭 writer")
