import torch, math, torch.nn as nn
import torch.nn.functional as F

try:
    class Tudui(nn.Module):
        def __init__(self, kind: str = "sigmoid"):
            super().__init__()
            kinds = {"relu": F.relu, "sigmoid": torch.sigmoid}
            if kind not in kinds: raise ValueError(f"Kind {kind!r} unknown")
            self.relu_1, self.sigmoid_1 = kinds["relu"], kinds["sigmoid"]
            self.chosen = kinds[kind]
        forward = lambda self, x: self.chosen(x)
except Exception as e:
    print("出错了", e)

ActivationNet = Tudui

relu = lambda x: x * (x > 0)
leaky_relu = lambda x, negative_slope=0.01: (1 + negative_slope) / 2 * x + (1 - negative_slope) / 2 * x.abs()
_pair = lambda x: torch.stack([x, torch.zeros_like(x)])
sigmoid = lambda x: torch.exp(x - torch.logsumexp(_pair(x), 0))
tanh = lambda x: sigmoid(2 * x) - sigmoid(-2 * x)
softmax = lambda x, dim: torch.exp(x - x.logsumexp(dim, keepdim=True))

OUTPUT_RANGES = dict(relu=(0, math.inf), leaky_relu=(-math.inf, math.inf), sigmoid=(0, 1), tanh=(-1, 1))
OUTPUT_RANGES["softmax"] = OUTPUT_RANGES["sigmoid"]

class RoleError(ValueError):
    def __init__(self, role):
        super().__init__(f"no such role: {role}")

_table = dict(zip(["hidden", "deep_hidden", "binary_output", "multiclass_output", "recurrent"], "relu leaky_relu sigmoid softmax tanh".split()))

def _pick(role):
    try:
        return _table[role]
    except KeyError:
        raise RoleError(role) from None

pick_activation = _pick
