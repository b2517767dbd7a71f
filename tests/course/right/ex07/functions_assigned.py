import contextlib
import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter


class Cifar10Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.model_1 = nn.Sequential()
        sizes = [3, 32, 32, 64]
        for number, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
            self.model_1.add_module(f"conv{number}", nn.Conv2d(inputs, outputs, 5, padding=2))
            self.model_1.add_module(f"pool{number}", nn.MaxPool2d(2))
        self.model_1.append(nn.Flatten())
        self.model_1.append(nn.Linear(64 * 16, 64)).append(nn.Linear(64, 10))

    forward = lambda self, x: self.model_1(x)


SHAPE_TABLE = list(zip(
    "input conv1 maxpool1 conv2 maxpool2 conv3 maxpool3 flatten linear1 linear2".split(),
    [(64, 3, 32, 32), (64, 32, 32, 32), (64, 32, 16, 16), (64, 32, 16, 16), (64, 32, 8, 8),
     (64, 64, 8, 8), (64, 64, 4, 4), (64, 1024), (64, 64), (64, 10)],
))


@contextlib.contextmanager
def as_it_was(model):
    modes = {layer: layer.training for layer in model.modules()}
    model.train(False)
    try:
        yield
    finally:
        for layer, mode in modes.items():
            layer.train(mode)


def _steps(model, x):
    for layer in model:
        x = layer(x)
        yield type(layer).__name__, tuple(x.shape)


def trace_shapes(model, input_size):
    with as_it_was(model), torch.inference_mode():
        return list(_steps(model, torch.zeros(input_size)))


def writing(function):
    def wrapper(model, log_dir, input_size=(64, 3, 32, 32)):
        with SummaryWriter(log_dir) as writer:
            return function(writer, model, torch.zeros(input_size))
    return wrapper


log_graph = writing(lambda writer, model, x: writer.add_graph(model, x))
