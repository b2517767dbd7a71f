from __future__ import annotations

import torch
from torch import Tensor, nn


class _ReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        mask = x > 0
        ctx.save_for_backward(mask)
        return torch.where(mask, x, 0.0)

    @staticmethod
    def backward(ctx, grad):
        (mask,) = ctx.saved_tensors
        return grad * mask


class _Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.reciprocal(1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad):
        (y,) = ctx.saved_tensors
        return grad * y * (1 - y)


class _Tanh(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        e = torch.expm1(-2 * x.abs())
        y = -x.sign() * e / (e + 2)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad):
        (y,) = ctx.saved_tensors
        return grad * (1 - y * y)


def relu(x: Tensor) -> Tensor:
    return _ReLU.apply(x)


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    return x.clamp(min=0) + negative_slope * x.clamp(max=0)


def sigmoid(x: Tensor) -> Tensor:
    return _Sigmoid.apply(x)


def tanh(x: Tensor) -> Tensor:
    return _Tanh.apply(x)


def softmax(x: Tensor, dim: int) -> Tensor:
    with torch.no_grad():
        top = x.amax(dim, keepdim=True)
    powers = (x - top).exp()
    return powers.div(powers.sum(dim, keepdim=True))


class ActivationNet(nn.Module):
    def __init__(self, kind: str = "sigmoid", *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        match kind:
            case "relu" | "sigmoid":
                self.kind = kind
            case _:
                raise ValueError(f"kind={kind}")
        self.relu_1 = nn.ReLU(inplace=True)
        self.sigmoid_1 = nn.Sigmoid()

    def forward(self, x: Tensor) -> Tensor:
        return getattr(self, self.kind + "_1")(x.clone())


INF = float("inf")
OUTPUT_RANGES: dict[str, tuple[float, float]] = {
    "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "sigmoid": (0.0, 1.0),
    "leaky_relu": (-INF, INF),
    "relu": (0.0, INF),
}


def pick_activation(role: str) -> str:
    match role:
        case "hidden":
            return "relu"
        case "deep_hidden":
            return "leaky_relu"
        case "binary_output":
            return "sigmoid"
        case "multiclass_output":
            return "softmax"
        case "recurrent":
            return "tanh"
    raise ValueError(f"role {role!r}")


if __name__ == "__main__":
    while True:
        x = torch.tensor([float(input("x: "))])
        print(relu(x), sigmoid(x), tanh(x))
