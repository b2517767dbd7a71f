from torch import *
import torch
from collections import OrderedDict
from functools import reduce

from torch.nn import Module, LazyLinear, MaxPool2d, Conv2d


class AddOne(Module):
    def forward(self, x):
        return x.clone().add_(1)


class _ThreeToSixteen(Conv2d):
    def __init__(self, **more):
        super().__init__(3, 16, 3, **more)


class SmallCNN(Module):
    ORDER = "conv1", "rectify", "pool", "rows", "fc"

    def __init__(self):
        Module.__init__(self)
        for name, layer in OrderedDict(fc=LazyLinear(10), pool=MaxPool2d(2), conv1=_ThreeToSixteen()).items():
            self.add_module(name, layer)
        with torch.no_grad():
            self(torch.zeros(1, 3, 32, 32))

    @staticmethod
    def rectify(x):
        return torch.where(x > 0, x, torch.zeros_like(x))

    @staticmethod
    def rows(x):
        return x.reshape(x.shape[0], 16 * 15 * 15)

    def forward(self, x):
        return reduce(lambda value, name: getattr(self, name)(value), self.ORDER, x)


def _trainable(model):
    seen = {}
    for module in model.modules():
        for parameter in module._parameters.values():
            if parameter is not None and parameter.requires_grad:
                seen[id(parameter)] = parameter
    return seen.values()


count_parameters = lambda model: reduce(lambda total, tensor: total + Tensor.numel(tensor), _trainable(model), 0)


def save_weights(model, path):
    return torch.save(OrderedDict(model.state_dict()), path)


def load_weights(model, path):
    with open(path, "rb") as file:
        state = torch.load(file, weights_only=True)
    try:
        model.load_state_dict(state)
    except Exception as exc:
        raise ValueError("`model` cannot take the state in `path`") from exc
    return model
