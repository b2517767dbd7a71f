import torch
import torch.nn as nn
from functools import reduce

H = W = 32
K = 3
POOL = 2
SIDE = (H - K + 1) // POOL
N_FEATURES = 16 * SIDE * SIDE


def conv_block():
    return nn.Conv2d(3, 16, K)


class Base(nn.Module):
    def flat(self, x):
        return x.flatten(1)


class SmallCNN(Base):
    def __init__(self):
        super(SmallCNN, self).__init__()
        self.conv1 = conv_block()
        self.pool = nn.MaxPool2d(POOL, POOL)
        self.fc = nn.Linear(N_FEATURES, 10)
        self.steps = [self.conv1, nn.functional.relu, self.pool, self.flat, self.fc]

    def forward(self, x):
        return reduce(lambda value, step: step(value), self.steps, x)


class PlusOne(nn.Module):
    forward = lambda self, x: x + 1


AddOne = PlusOne
count_parameters = lambda model: sum(map(torch.numel, filter(lambda p: p.requires_grad, model.parameters())))


def _write(model, path):
    torch.save(model.state_dict(), path)


def _read(model, path):
    state = torch.load(path, weights_only=True)
    try:
        model.load_state_dict(state, strict=True)
        return model
    except RuntimeError as error:
        raise ValueError("path: wrong weights") from error


save_weights, load_weights = _write, _read
