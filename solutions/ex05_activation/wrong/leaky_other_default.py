# fails: by_hand_example[leaky_relu], by_hand_values[leaky_relu], by_hand_large[leaky_relu], by_hand_gradients[leaky_relu], by_hand_large_gradients[leaky_relu]
# misconception: -
from __future__ import annotations

import torch
from torch import nn


class ActivationNet(nn.Module):
    def __init__(self, kind="sigmoid"):
        super().__init__()
        if kind not in ("relu", "sigmoid"):
            raise ValueError("kind must be relu or sigmoid")
        self.kind = kind
        self.relu_1 = nn.ReLU()
        self.sigmoid_1 = nn.Sigmoid()

    def forward(self, x):
        if self.kind == "relu":
            output = self.relu_1(x)
        else:
            output = self.sigmoid_1(x)
        return output


def relu(x):
    return torch.where(x > 0, x, torch.zeros_like(x))


def leaky_relu(x, negative_slope=0.1):
    return torch.maximum(x, torch.zeros_like(x)) + negative_slope * torch.minimum(x, torch.zeros_like(x))


def sigmoid(x):
    e = torch.exp(-torch.abs(x))
    return torch.where(x > 0, 1 / (1 + e), e / (1 + e))


def tanh(x):
    e = torch.exp(-2 * torch.abs(x))
    return torch.sign(x) * (1 - e) / (1 + e)


def softmax(x, dim):
    biggest = torch.max(x, dim=dim, keepdim=True)[0]
    e = torch.exp(x - biggest)
    return e / torch.sum(e, dim=dim, keepdim=True)


inf = float("inf")
OUTPUT_RANGES = {
    "relu": (0.0, inf),
    "leaky_relu": (-inf, inf),
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softmax": (0.0, 1.0),
}


def pick_activation(role):
    choices = {
        "hidden": "relu",
        "deep_hidden": "leaky_relu",
        "binary_output": "sigmoid",
        "multiclass_output": "softmax",
        "recurrent": "tanh",
    }
    if role not in choices:
        raise ValueError("unknown role " + role)
    return choices[role]
