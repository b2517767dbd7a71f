import torch
from torch import nn


class Settings:
    def __init__(self):
        self.kernels = 16
        self.kinds = 10


class Tiny(nn.Module):
    def __init__(self, settings):
        super().__init__()
        self.settings = settings
        self.steps = self.make_steps()

    def make_steps(self):
        wide = self.settings.kernels
        return [
            nn.Conv2d(3, wide, 3),
            nn.ReLU(),
            nn.MaxPool2d(2, 2),
            nn.Flatten(),
            nn.Linear(wide * 15 * 15, self.settings.kinds),
        ]

    def forward(self, x):
        for step in self.steps:
            x = step(x)
        return x


class Lesson:
    def __init__(self):
        self.settings = Settings()
        self.net = Tiny(self.settings)

    def run(self):
        print(self.net(torch.rand(4, 3, 32, 32)).shape)


Lesson().run()
