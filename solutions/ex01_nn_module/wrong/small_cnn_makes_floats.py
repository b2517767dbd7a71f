# fails: small_cnn_trains
# misconception: mixed-dtypes
from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F


class AddOne(nn.Module):
    def forward(self, x):
        return x + 1


class SmallCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(16 * 15 * 15, 10)

    def forward(self, x):
        x = x.type(torch.FloatTensor)
        x = self.pool(F.relu(self.conv1(x)))
        x = torch.flatten(x, 1)
        return self.fc(x)


def count_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def save_weights(model, path):
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    state = torch.load(path, weights_only=True)
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        raise ValueError(f"weights do not fit: {error}")
    return model
