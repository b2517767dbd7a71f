# fails: net_shape, net_batch_sizes, net_same_weights
# misconception: -
from __future__ import annotations

import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter


class Cifar10Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.model_1 = nn.Sequential(
            nn.Conv2d(3, 32, 5, padding=2),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 5, padding=2),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(1024, 64),
            nn.Linear(64, 10),
        )

    def forward(self, x):
        return self.model_1(x).reshape(64, 10)


SHAPE_TABLE = [
    ("input", (64, 3, 32, 32)),
    ("conv1", (64, 32, 32, 32)),
    ("maxpool1", (64, 32, 16, 16)),
    ("conv2", (64, 32, 16, 16)),
    ("maxpool2", (64, 32, 8, 8)),
    ("conv3", (64, 64, 8, 8)),
    ("maxpool3", (64, 64, 4, 4)),
    ("flatten", (64, 1024)),
    ("linear1", (64, 64)),
    ("linear2", (64, 10)),
]


def trace_shapes(model, input_size):
    training = model.training
    model.eval()
    x = torch.zeros(input_size)
    rows = []
    with torch.no_grad():
        for layer in model:
            x = layer(x)
            rows.append((type(layer).__name__, tuple(x.shape)))
    model.train(training)
    return rows


def log_graph(model, log_dir, input_size=(64, 3, 32, 32)):
    writer = SummaryWriter(log_dir)
    writer.add_graph(model, torch.ones(input_size))
    writer.close()
