"""ex05: non-linearities.

ex05：非线性激活。

Fill in each part that is marked TODO, save the file, then run `grade ex05`.
把每一处 TODO 补全，保存文件，然后运行 `grade ex05`。
"""

from __future__ import annotations

import torch
from torch import nn


class ActivationNet(nn.Module):
    """A network that applies one activation, of two that it has. 有两个激活层，只用其中一个。

    Attributes:
        relu_1: Applies ReLU. 做 ReLU。
        sigmoid_1: Applies the sigmoid. 做 sigmoid。
    """

    def __init__(self, kind: str = "sigmoid") -> None:
        """Create both layers, and remember which one to apply. 创建两个层，并记住使用哪一个。

        Args:
            kind: `"relu"` or `"sigmoid"`. `"relu"` 或 `"sigmoid"`。

        Raises:
            ValueError: `kind` is something else; the message names it.
                `kind` 是别的值；错误信息里要写出参数名。
        """
        super().__init__()
        # TODO: check kind, create relu_1 and sigmoid_1
        # TODO: 检查 kind，创建两个层
        raise NotImplementedError(
            "TODO: check kind, create relu_1 and sigmoid_1 | 检查 kind，创建两个层"
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Apply the chosen activation. 使用选中的激活函数。

        Args:
            x: Any shape; stays as it was. 任意形状；不会被修改。

        Returns:
            A tensor of the same shape. 形状相同的张量。
        """
        # TODO: return the chosen activation of x
        # TODO: 返回对 x 使用选中的激活函数的结果
        raise NotImplementedError(
            "TODO: return the chosen activation of x | 返回对 x 使用选中的激活函数的结果"
        )


# By hand: torch's own activation functions are not allowed in the next five functions.
# 要求手写：下面五个函数里不能使用 torch 自带的激活函数。


def relu(x: torch.Tensor) -> torch.Tensor:
    """Keep positive numbers and make negative ones 0. 正数不变，负数变成 0。

    Example 例子::

        >>> relu(torch.tensor([-2.0, 3.0]))
        tensor([0., 3.])
    """
    # TODO: return max(x, 0)
    # TODO: 返回 max(x, 0)
    raise NotImplementedError("TODO: return max(x, 0) | 返回 max(x, 0)")


def leaky_relu(x: torch.Tensor, negative_slope: float = 0.01) -> torch.Tensor:
    """Keep positive numbers, multiply negative ones by the slope. 正数不变，负数乘以斜率。

    Example 例子::

        >>> leaky_relu(torch.tensor([-2.0, 3.0]), 0.5)
        tensor([-1.,  3.])
    """
    # TODO: return x, or negative_slope * x where x < 0
    # TODO: 返回 x，负数乘以斜率
    raise NotImplementedError(
        "TODO: return x, or negative_slope * x where x < 0 | 返回 x，负数乘以斜率"
    )


def sigmoid(x: torch.Tensor) -> torch.Tensor:
    """Compute 1 / (1 + exp(-x)), for |x| up to 1000. 计算 1 / (1 + exp(-x))，|x| 可达 1000。

    Values and gradients must be finite. 数值和梯度都必须是有限数。

    Example 例子::

        >>> sigmoid(torch.tensor([0.0, 1000.0]))
        tensor([0.5000, 1.0000])
    """
    # TODO: return the sigmoid, without an infinite exp
    # TODO: 返回 sigmoid，避免 exp 溢出
    raise NotImplementedError(
        "TODO: return the sigmoid, without an infinite exp | 返回 sigmoid，避免 exp 溢出"
    )


def tanh(x: torch.Tensor) -> torch.Tensor:
    """Compute (exp(x) - exp(-x)) / (exp(x) + exp(-x)). 计算双曲正切。

    For |x| up to 1000; values and gradients must be finite.
    |x| 可达 1000；数值和梯度都必须是有限数。

    Example 例子::

        >>> tanh(torch.tensor([0.0, -1000.0]))
        tensor([ 0., -1.])
    """
    # TODO: return tanh, without an infinite exp
    # TODO: 返回 tanh，避免 exp 溢出
    raise NotImplementedError(
        "TODO: return tanh, without an infinite exp | 返回 tanh，避免 exp 溢出"
    )


def softmax(x: torch.Tensor, dim: int) -> torch.Tensor:
    """Compute exp(x) / sum of exp(x) along a dimension. 沿某一维计算 exp(x) / exp(x) 的和。

    For |x| up to 1000; values and gradients must be finite.
    |x| 可达 1000；数值和梯度都必须是有限数。

    Args:
        x: Any number of dimensions, at least one. 任意维数，至少一维。
        dim: The dimension along which the results add up to 1; may be negative.
            结果沿这一维相加得 1；可以为负。

    Example 例子::

        >>> softmax(torch.tensor([[1.0, 1.0], [0.0, 1000.0]]), 1)
        tensor([[0.5000, 0.5000],
                [0.0000, 1.0000]])
    """
    # TODO: return the softmax, without an infinite exp
    # TODO: 返回 softmax，避免 exp 溢出
    raise NotImplementedError(
        "TODO: return the softmax, without an infinite exp | 返回 softmax，避免 exp 溢出"
    )


# The lower and the upper end of what each function can give, whether it is ever reached or not;
# float("inf") where there is no end. Replace every None by a tuple of two floats.
# 每个函数的输出范围的下端和上端，不论能否真的取到；没有界限时写 float("inf")。
# 把每个 None 换成由两个浮点数组成的元组。
OUTPUT_RANGES: dict[str, tuple[float, float]] = {
    "relu": None,  # TODO: (lower, upper) | (下端, 上端)
    "leaky_relu": None,  # TODO: (lower, upper) | (下端, 上端)
    "sigmoid": None,  # TODO: (lower, upper) | (下端, 上端)
    "tanh": None,  # TODO: (lower, upper) | (下端, 上端)
    "softmax": None,  # TODO: (lower, upper) | (下端, 上端)
}


def pick_activation(role: str) -> str:
    """Name the usual activation for a place in a network. 说出网络中某个位置常用的激活函数。

    Args:
        role: `"hidden"`, `"deep_hidden"`, `"binary_output"`, `"multiclass_output"` or
            `"recurrent"`. 五个位置之一。

    Returns:
        One of `"relu"`, `"leaky_relu"`, `"sigmoid"`, `"tanh"`, `"softmax"`; each fits one role.
        上面五个名字之一；每个恰好对应一个位置。

    Raises:
        ValueError: `role` is something else; the message names it.
            `role` 是别的值；错误信息里要写出参数名。
    """
    # TODO: return the name for this role
    # TODO: 返回这个位置对应的名字
    raise NotImplementedError("TODO: return the name for this role | 返回这个位置对应的名字")
