import copy

import torch
import torch.nn as nn
from torch.utils.tensorboard.writer import SummaryWriter


def block(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 5, padding=2), nn.MaxPool2d(2)]


class Cifar10Net(nn.Module):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        layers = block(3, 32) + block(32, 32) + block(32, 64)
        layers += [nn.Flatten(), nn.Linear(1024, 64), nn.Linear(64, 10)]
        self.model_1 = nn.Sequential(*layers)

    def forward(self, x):
        for layer in self.model_1:
            x = layer(x)
        return x


def make_table(batch=64):
    rows = [("input", (batch, 3, 32, 32))]
    side = 32
    for number, channels in enumerate((32, 32, 64), start=1):
        rows.append((f"conv{number}", (batch, channels, side, side)))
        side //= 2
        rows.append((f"maxpool{number}", (batch, channels, side, side)))
    rows.append(("flatten", (batch, channels * side * side)))
    rows.append(("linear1", (batch, 64)))
    rows.append(("linear2", (batch, 10)))
    return rows


SHAPE_TABLE = make_table()


@torch.no_grad()
def trace_shapes(model, input_size):
    trial = copy.deepcopy(model).eval()
    x = torch.randn(input_size)
    return [(type(layer).__name__, (x := layer(x)).shape) for layer in trial]


def log_graph(model, log_dir, input_size=(64, 3, 32, 32)):
    writer = SummaryWriter(log_dir=log_dir)
    try:
        writer.add_graph(model, input_to_model=torch.zeros(input_size))
        writer.flush()
    finally:
        writer.close()
