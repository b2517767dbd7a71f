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
        ### BEGIN SOLUTION check kind, create relu_1 and sigmoid_1 | 检查 kind，创建两个层
        if kind not in {"relu", "sigmoid"}:
            msg = f"kind must be 'relu' or 'sigmoid', got {kind!r}"
            raise ValueError(msg)
        self.kind = kind
        self.relu_1 = nn.ReLU()  # not `inplace=True`, which would change the caller's tensor
        self.sigmoid_1 = nn.Sigmoid()
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Apply the chosen activation. 使用选中的激活函数。

        Args:
            x: Any shape; stays as it was. 任意形状；不会被修改。

        Returns:
            A tensor of the same shape. 形状相同的张量。
        """
        ### BEGIN SOLUTION return the chosen activation of x | 返回对 x 使用选中的激活函数的结果
        return self.relu_1(x) if self.kind == "relu" else self.sigmoid_1(x)
        ### END SOLUTION


# By hand: torch's own activation functions are not allowed in the next five functions.
# 要求手写：下面五个函数里不能使用 torch 自带的激活函数。


def relu(x: torch.Tensor) -> torch.Tensor:
    """Keep positive numbers and make negative ones 0. 正数不变，负数变成 0。

    Example 例子::

        >>> relu(torch.tensor([-2.0, 3.0]))
        tensor([0., 3.])
    """
    ### BEGIN SOLUTION return max(x, 0) | 返回 max(x, 0)
    return x.clamp(min=0)
    ### END SOLUTION


def leaky_relu(x: torch.Tensor, negative_slope: float = 0.01) -> torch.Tensor:
    """Keep positive numbers, multiply negative ones by the slope. 正数不变，负数乘以斜率。

    Example 例子::

        >>> leaky_relu(torch.tensor([-2.0, 3.0]), 0.5)
        tensor([-1.,  3.])
    """
    ### BEGIN SOLUTION return x, or negative_slope * x where x < 0 | 返回 x，负数乘以斜率
    return torch.where(x > 0, x, negative_slope * x)
    ### END SOLUTION


def sigmoid(x: torch.Tensor) -> torch.Tensor:
    """Compute 1 / (1 + exp(-x)), for |x| up to 1000. 计算 1 / (1 + exp(-x))，|x| 可达 1000。

    Values and gradients must be finite. 数值和梯度都必须是有限数。

    Example 例子::

        >>> sigmoid(torch.tensor([0.0, 1000.0]))
        tensor([0.5000, 1.0000])
    """
    ### BEGIN SOLUTION return the sigmoid, without an infinite exp | 返回 sigmoid，避免 exp 溢出
    # For x < 0 multiply numerator and denominator by exp(x): exp(x) / (exp(x) + 1). On both sides
    # only exp(-|x|) appears, which is never above 1.
    small = torch.exp(-x.abs())
    return torch.where(x >= 0, torch.ones_like(x), small) / (1 + small)
    ### END SOLUTION


def tanh(x: torch.Tensor) -> torch.Tensor:
    """Compute (exp(x) - exp(-x)) / (exp(x) + exp(-x)). 计算双曲正切。

    For |x| up to 1000; values and gradients must be finite.
    |x| 可达 1000；数值和梯度都必须是有限数。

    Example 例子::

        >>> tanh(torch.tensor([0.0, -1000.0]))
        tensor([ 0., -1.])
    """
    ### BEGIN SOLUTION return tanh, without an infinite exp | 返回 tanh，避免 exp 溢出
    # The curve is the same on both sides but for the sign, so |x| will do.
    small = torch.exp(-2 * x.abs())
    return x.sign() * (1 - small) / (1 + small)
    ### END SOLUTION


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
    ### BEGIN SOLUTION return the softmax, without an infinite exp | 返回 softmax，避免 exp 溢出
    # Subtracting the same number everywhere does not change the result; with the largest one
    # subtracted, no exponential is above 1 and one of each row is exactly 1.
    powers = torch.exp(x - x.amax(dim, keepdim=True))
    return powers / powers.sum(dim, keepdim=True)
    ### END SOLUTION


# The lower and the upper end of what each function can give, whether it is ever reached or not;
# float("inf") where there is no end. Replace every None by a tuple of two floats.
# 每个函数的输出范围的下端和上端，不论能否真的取到；没有界限时写 float("inf")。
# 把每个 None 换成由两个浮点数组成的元组。
OUTPUT_RANGES: dict[str, tuple[float, float]] = {
    "relu": (0.0, float("inf")),  ### BLANK (lower, upper) | (下端, 上端)
    "leaky_relu": (-float("inf"), float("inf")),  ### BLANK (lower, upper) | (下端, 上端)
    "sigmoid": (0.0, 1.0),  ### BLANK (lower, upper) | (下端, 上端)
    "tanh": (-1.0, 1.0),  ### BLANK (lower, upper) | (下端, 上端)
    "softmax": (0.0, 1.0),  ### BLANK (lower, upper) | (下端, 上端)
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
    ### BEGIN SOLUTION return the name for this role | 返回这个位置对应的名字
    choices = {
        "hidden": "relu",  # cheap, and does not shrink gradients where it is active
        "deep_hidden": "leaky_relu",  # a gradient also where x < 0: no unit dies for good
        "binary_output": "sigmoid",  # one number becomes one probability
        "multiclass_output": "softmax",  # several numbers become probabilities that add up to 1
        "recurrent": "tanh",  # stays bounded, step after step, and is centred at 0
    }
    if role not in choices:
        msg = f"role must be one of {', '.join(choices)}, got {role!r}"
        raise ValueError(msg)
    return choices[role]
    ### END SOLUTION
