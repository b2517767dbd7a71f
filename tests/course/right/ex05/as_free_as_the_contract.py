import torch
from torch.autograd import Function


class _Logistic(Function):
    @staticmethod
    def forward(ctx, x):
        e = (-x.abs()).exp()
        top = torch.where(x < 0, e, torch.ones_like(e))
        y = top / (e + 1)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad):
        (y,) = ctx.saved_tensors
        return grad * y * (1 - y)


def sigmoid(x):
    return _Logistic.apply(x)


def tanh(x):
    e = torch.exp(-(x + x).abs())
    size = (1 - e).div(1 + e)
    return torch.where(x < 0, size.neg(), size)


relu = lambda x: (x + x.abs()) / 2


def leaky_relu(x, negative_slope=0.01):
    gain = torch.full_like(x, negative_slope).masked_fill(x > 0, 1.0)
    return x * gain


def softmax(x, dim):
    slices = x.unbind(dim)
    top = slices[0]
    for piece in slices[1:]:
        top = torch.maximum(top, piece)
    exps = [(piece - top).exp() for piece in slices]
    total = sum(exps[1:], exps[0])
    return torch.stack([e / total for e in exps], dim)


class _By(torch.nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class ActivationNet(torch.nn.Module):
    CHOICES = ("relu", "sigmoid")

    def __init__(self, kind="sigmoid"):
        super().__init__()
        if not any(kind == c for c in self.CHOICES):
            raise ValueError("kind")
        self.add_module("sigmoid_1", _By(sigmoid))
        self.add_module("relu_1", _By(relu))
        self.chosen = kind + "_1"

    def forward(self, x):
        return getattr(self, self.chosen)(x)


_ENDS = "relu 0 inf; leaky_relu -inf inf; sigmoid 0 1; tanh -1 1; softmax 0 1"
OUTPUT_RANGES = {
    name: (float(low), float(high)) for name, low, high in (entry.split() for entry in _ENDS.split(";"))
}


def pick_activation(role):
    match role:
        case "recurrent": return "tanh"
        case "multiclass_output": return "softmax"
        case "binary_output": return "sigmoid"
        case "deep_hidden": return "leaky_relu"
        case "hidden": return "relu"
        case _: raise ValueError(f"no such role: {role}")
