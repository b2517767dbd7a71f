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
        ### BEGIN SOLUTION create self.model_1 | 创建 self.model_1
        self.model_1 = nn.Sequential(
            nn.Conv2d(3, 32, 5, padding=2),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 5, padding=2),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2),
            nn.MaxPool2d(2),
            nn.Flatten(),
            # 64 channels of 4 x 4 are left of each image.
            nn.Linear(64 * 4 * 4, 64),
            nn.Linear(64, 10),
        )
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Apply `model_1`. 使用 `model_1`。

        Args:
            x: Images, shape (N, 3, 32, 32). 图像，形状为 (N, 3, 32, 32)。

        Returns:
            Ten numbers for each image, shape (N, 10). 每张图十个数，形状为 (N, 10)。
        """
        ### BEGIN SOLUTION return model_1 applied to x | 返回 model_1 作用于 x 的结果
        return self.model_1(x)
        ### END SOLUTION


# The shape after each layer of Cifar10Net, for a batch of 64. Work each one out by hand, then
# replace its None by a tuple.
# Cifar10Net 每一层之后的形状，批次大小为 64。每一个都先手算，再把 None 换成元组。
SHAPE_TABLE: list[tuple[str, tuple]] = [
    ("input", (64, 3, 32, 32)),
    ("conv1", (64, 32, 32, 32)),  ### BLANK kernel 5, padding 2 | 卷积核 5，补零 2
    ("maxpool1", (64, 32, 16, 16)),  ### BLANK window 2 | 窗口 2
    ("conv2", (64, 32, 16, 16)),  ### BLANK kernel 5, padding 2 | 卷积核 5，补零 2
    ("maxpool2", (64, 32, 8, 8)),  ### BLANK window 2 | 窗口 2
    ("conv3", (64, 64, 8, 8)),  ### BLANK kernel 5, padding 2 | 卷积核 5，补零 2
    ("maxpool3", (64, 64, 4, 4)),  ### BLANK window 2 | 窗口 2
    ("flatten", (64, 1024)),  ### BLANK one row for each image | 每张图一行
    ("linear1", (64, 64)),  ### BLANK to 64 features | 变成 64 个特征
    ("linear2", (64, 10)),  ### BLANK to 10 features | 变成 10 个特征
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
    ### BEGIN SOLUTION run layer after layer, return the rows | 逐层运行，返回各行
    some = next(model.parameters(), torch.empty(0))
    x = torch.zeros(input_size, dtype=some.dtype, device=some.device)
    modes = [(layer, layer.training) for layer in model.modules()]
    rows = []
    # In eval mode a BatchNorm leaves its running statistics alone.
    model.eval()
    try:
        with torch.no_grad():
            for layer in model:
                x = layer(x)
                rows.append((type(layer).__name__, tuple(x.shape)))
    finally:
        for layer, training in modes:
            layer.training = training
    return rows
    ### END SOLUTION


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
    ### BEGIN SOLUTION write the graph, close the writer | 写出计算图，关闭 writer
    some = next(model.parameters(), torch.empty(0))
    x = torch.zeros(input_size, dtype=some.dtype, device=some.device)
    with SummaryWriter(log_dir) as writer:
        writer.add_graph(model, x)
    ### END SOLUTION
