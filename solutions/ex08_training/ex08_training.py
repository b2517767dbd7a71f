"""ex08: train a network, and measure what it has learned.

ex08：训练一个网络，并测量它学到了多少。

Fill in each part that is marked TODO, save the file, then run `grade ex08`.
把每一处 TODO 补全，保存文件，然后运行 `grade ex08`。
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.optim import Adam, Optimizer
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader


class RegularizedNet(nn.Module):
    """The network of ex07 with batch normalisation, activations and dropout: 145,834 parameters.

    ex07 的网络加上批归一化、激活函数和 dropout：共 145,834 个参数。

    Attributes:
        model_1: `nn.Sequential` of these layers, in this order:
            Conv2d 3 -> 32, kernel 5, padding 2; BatchNorm2d; ReLU; MaxPool2d 2;
            Conv2d 32 -> 32, kernel 5, padding 2; BatchNorm2d; ReLU; MaxPool2d 2;
            Conv2d 32 -> 64, kernel 5, padding 2; BatchNorm2d; ReLU; MaxPool2d 2;
            Flatten; Dropout 0.5; Linear 1024 -> 64; Linear 64 -> 10.
            由这些层依次组成的 `nn.Sequential`。
    """

    def __init__(self) -> None:
        """Create the network. 创建网络。"""
        super().__init__()
        ### BEGIN SOLUTION create self.model_1 | 创建 self.model_1
        self.model_1 = nn.Sequential(
            nn.Conv2d(3, 32, 5, padding=2),
            # One mean and one variance for each of the 32 channels.
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 5, padding=2),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Dropout(0.5),
            nn.Linear(64 * 4 * 4, 64),
            # No softmax at the end: CrossEntropyLoss does that itself.
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


def make_optimizer(model: nn.Module) -> tuple[Optimizer, StepLR]:
    """Create what moves the parameters, and what lowers the learning rate.

    创建更新参数的优化器，以及降低学习率的调度器。

    Args:
        model: The model that will be trained. 将要训练的模型。

    Returns:
        `Adam` over all parameters of `model` with lr 0.001, and `StepLR` of that optimizer, which
        multiplies the rate by 0.1 every 10 epochs.
        作用于 `model` 全部参数、学习率为 0.001 的 `Adam`，以及它的 `StepLR`：
        每 10 轮把学习率乘以 0.1。
    """
    ### BEGIN SOLUTION return the optimizer and its scheduler | 返回优化器和它的调度器
    optimizer = Adam(model.parameters(), lr=0.001)
    return optimizer, StepLR(optimizer, step_size=10, gamma=0.1)
    ### END SOLUTION


def train_one_epoch(
    model: nn.Module,
    loader: DataLoader,
    loss_fn: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    optimizer: Optimizer,
    device: torch.device | str,
) -> float:
    """Train on each batch once. 用每个批次训练一次。

    In train mode; the gradients of a step are those of its own batch and of nothing before it.
    使用训练模式；每一步的梯度只来自它自己的批次，不带有之前的梯度。

    Args:
        model: Any model, on `device` already. 任意模型，已经在 `device` 上。
        loader: Gives at least one batch `(images, targets)`; the last one may be shorter.
            至少给出一个批次 `(images, targets)`；最后一个批次可能较短。
        loss_fn: Gives the mean loss of a batch from outputs and targets.
            由输出和目标给出一个批次的平均损失。
        optimizer: Moves the parameters of `model`. 更新 `model` 的参数。
        device: Where the batches have to go. 批次要移到的设备。

    Returns:
        The mean loss per sample, as a float. 每个样本的平均损失，类型为 float。
    """
    ### BEGIN SOLUTION train, return the mean loss per sample | 训练，返回每个样本的平均损失
    model.train()
    total, count = 0.0, 0
    for batch in loader:
        images, targets = (each.to(device) for each in batch)
        loss = loss_fn(model(images), targets)
        # Before `backward`, which adds to what is there.
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        # `loss` is a mean: times the number of samples it is their sum.
        total += loss.item() * len(targets)
        count += len(targets)
    return total / count
    ### END SOLUTION


def evaluate(model: nn.Module, loader: DataLoader, device: torch.device | str) -> float:
    """Measure how often a model is right. 测量模型答对的比例。

    In eval mode and without autograd; afterwards the model is in the mode that it came in.
    使用评估模式，不记录梯度；之后模型回到原来的模式。

    Args:
        model: Gives ten numbers, or any other number of them, for each image.
            对每张图给出十个数（或其他个数）。
        loader: Gives batches `(images, targets)`; the last one may be shorter.
            给出批次 `(images, targets)`；最后一个批次可能较短。
        device: Where the batches have to go. 批次要移到的设备。

    Returns:
        The accuracy from 0 to 1: right answers per image. 准确率，从 0 到 1：答对的图像所占比例。

    Raises:
        ValueError: `loader` gives no batch. `loader` 没有给出任何批次。
    """
    ### BEGIN SOLUTION return the accuracy | 返回准确率
    training = model.training
    model.eval()
    correct, count = 0, 0
    with torch.no_grad():
        for batch in loader:
            images, targets = (each.to(device) for each in batch)
            # The class of an image is the place of the largest of its ten numbers.
            correct += (model(images).argmax(dim=1) == targets).sum().item()
            count += len(targets)
    model.train(training)
    if count == 0:
        msg = "loader gives no batch"
        raise ValueError(msg)
    return correct / count
    ### END SOLUTION


def fit(
    model: nn.Module,
    train_loader: DataLoader,
    test_loader: DataLoader,
    epochs: int,
    device: torch.device | str,
) -> list[dict[str, Any]]:
    """Train for some epochs, and note how it went. 训练若干轮，并记录过程。

    With `make_optimizer` and `nn.CrossEntropyLoss`; the learning rate falls after each epoch as the
    scheduler says.
    使用 `make_optimizer` 和 `nn.CrossEntropyLoss`；每一轮之后由调度器决定学习率。

    Args:
        model: The model to train. 要训练的模型。
        train_loader: Batches to learn from. 用来学习的批次。
        test_loader: Batches to measure the accuracy on. 用来测量准确率的批次。
        epochs: How many times to go through `train_loader`, at least once.
            遍历 `train_loader` 的次数，至少一次。
        device: Where to train. 在哪个设备上训练。

    Returns:
        A dict for each epoch: `epoch` (from 1), `loss` (the mean loss of the training), `accuracy`
        (on `test_loader`, after it) and `lr` (the rate that was used in it).
        每一轮一个字典：`epoch`（从 1 开始）、`loss`（训练的平均损失）、`accuracy`（这一轮之后在
        `test_loader` 上的准确率）、`lr`（这一轮所用的学习率）。
    """
    ### BEGIN SOLUTION train and return the rows | 训练并返回各行记录
    model.to(device)
    loss_fn = nn.CrossEntropyLoss()
    optimizer, scheduler = make_optimizer(model)
    rows = []
    for epoch in range(1, epochs + 1):
        lr = optimizer.param_groups[0]["lr"]
        loss = train_one_epoch(model, train_loader, loss_fn, optimizer, device)
        rows.append(
            {
                "epoch": epoch,
                "loss": loss,
                "accuracy": evaluate(model, test_loader, device),
                "lr": lr,
            }
        )
        # Once an epoch, and after its rate was noted.
        scheduler.step()
    return rows
    ### END SOLUTION
