import torch
from torch import nn


class Tudui(nn.Module):
    def __init__(self):
        super().__init__()
        self.model1 = nn.Sequential(
            nn.Conv2d(3, 32, kernal_size=5, padding=2),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 32, kernal_size=5, padding=2),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, kernal_size=5, padding=2),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(1024, 64),
            nn.Linear(64, 10),
        )

    def forward(self, x):
        return self.model1(x)


tudui = Tudui()
