from __future__ import annotations

from itertools import count

import torch
from torch import Tensor, nn
from torch.utils import tensorboard


class Cifar10Net(nn.Module):
    """The network of the notes; each layer is reachable by two names."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 5, padding=2)
        self.linear2 = nn.Linear(64, 10)
        self.model_1 = nn.Sequential(
            self.conv1,
            nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 5, padding=2),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(1024, 64),
            self.linear2,
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.model_1.forward(x)


SHAPE_TABLE: list[tuple[str, tuple[int, ...]]] = list(
    {
        "input": (64, 3, 32, 32),
        "conv1": (64, 32, 32, 32),
        "maxpool1": (64, 32, 16, 16),
        "conv2": (64, 32, 16, 16),
        "maxpool2": (64, 32, 8, 8),
        "conv3": (64, 64, 8, 8),
        "maxpool3": (64, 64, 4, 4),
        "flatten": (64, 1024),
        "linear1": (64, 64),
        "linear2": (64, 10),
    }.items()
)


def trace_shapes(model: nn.Sequential, input_size: tuple[int, ...]) -> list[tuple[str, tuple]]:
    state = {name: value.clone() for name, value in model.state_dict().items()}
    rows: list[tuple[str, tuple]] = []
    x = torch.randn(input_size)
    for index in range(len(model)):
        x = model[index](x)
        rows.append((model[index]._get_name(), tuple(x.shape)))
    model.load_state_dict(state)
    return rows


def log_graph(model, log_dir, input_size=(64, 3, 32, 32)):
    writer = tensorboard.SummaryWriter(str(log_dir))
    writer.add_graph(model, (torch.zeros(*input_size),))
    writer.close()
    print("tensorboard --logdir", log_dir)


if __name__ == "__main__":
    net = Cifar10Net()
    for step in count():
        print(step, net(torch.rand(64, 3, 32, 32)).shape)
    while True:
        pass
