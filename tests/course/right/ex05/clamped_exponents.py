import torch
import torch.nn as nn


def _exp(t):
    "exp that never overflows"
    return torch.exp(torch.clamp(t, -60.0, 60.0))


def relu(x):
    y = x.clone()
    y[y < 0] = 0
    return y


def leaky_relu(x, negative_slope=0.01):
    positive = torch.clamp(x, min=0)
    negative = torch.clamp(x, max=0)
    return positive + negative_slope * negative


def sigmoid(x):
    return 1 / (1 + _exp(-x))


def tanh(x):
    e2 = _exp(2 * x)
    return (e2 - 1) / (e2 + 1)


def softmax(x, dim):
    parts = torch.unbind(x, dim)
    top = parts[0]
    for part in parts[1:]:
        top = torch.maximum(top, part)
    powers = [torch.exp(part - top) for part in parts]
    total = sum(powers)
    return torch.stack([p / total for p in powers], dim)


class OwnReLU(nn.Module):
    def forward(self, x):
        return relu(x)


class OwnSigmoid(nn.Module):
    def forward(self, x):
        return sigmoid(x)


class ActivationNet(nn.Module):
    def __init__(self, kind="sigmoid"):
        nn.Module.__init__(self)
        self.relu_1 = OwnReLU()
        self.sigmoid_1 = OwnSigmoid()
        layers = {"relu": self.relu_1, "sigmoid": self.sigmoid_1}
        self.chosen = layers.get(kind)
        if self.chosen is None:
            raise ValueError("the kind %r is not known" % kind)

    def forward(self, x):
        return self.chosen(x)


OUTPUT_RANGES = {name: (low, high) for name, low, high in [
    ("relu", 0.0, torch.inf), ("leaky_relu", -torch.inf, torch.inf), ("sigmoid", 0.0, 1.0), ("tanh", -1.0, 1.0), ("softmax", 0.0, 1.0),
]}
CHOICES = {}
CHOICES["hidden"] = "relu"
CHOICES["deep_hidden"] = "leaky_relu"
CHOICES["binary_output"] = "sigmoid"
CHOICES["multiclass_output"] = "softmax"
CHOICES["recurrent"] = "tanh"


def pick_activation(role):
    if role in CHOICES.keys():
        return CHOICES[role]
    raise ValueError("role must be one of " + str(list(CHOICES)))
