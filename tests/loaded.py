"""Loads text as a worker does, in this process."""

from __future__ import annotations

import textwrap
import types

from grader.worker import loading, wire

Loaded = tuple[types.ModuleType, wire.LoadReport]


def load_script(source: str, *required: str, run_all: bool = False) -> Loaded:
    return load_text(textwrap.dedent(source), *required, run_all=run_all)


def load_text(text: str, *required: str, run_all: bool = False) -> Loaded:
    cells = (wire.CellSource(None, text),)
    return loading.load(wire.Load(cells, "x.py", required, run_all, "cpu"))


def load_cells(sources: list[str], *required: str) -> Loaded:
    cells = tuple(wire.CellSource(n, source) for n, source in enumerate(sources, 1))
    return loading.load(wire.Load(cells, "x.ipynb", required, run_all=False, device="cpu"))


LEARNERS_FILE = """
    import torch
    import torchvision
    from torch import nn
    from torch.nn import Conv2d
    from torch.utils.data import DataLoader
    from torch.utils.tensorboard import SummaryWriter
    from model import output
    from turtle import forward

    dataset = torchvision.datasets.CIFAR10("../data", train=False, download=True)
    dataloader = DataLoader(dataset, batch_size=64)
    '''
    class Old(nn.Module):
        pass
    '''
    class ConvNet(nn.Module):  # 卷积
        def __init__(self):
            super().__init__()
            self.conv1 = Conv2d(3, 6, 3)
        def forward(self, x):
            return self.conv1(x)

    convnet = ConvNet()
    writer = SummaryWriter("../logs")
    step = 0
    for data in dataloader:
        imgs, targets = data
        output = convnet(imgs)
        writer.add_images("input", imgs, step)
        step = step + 1
    writer.close()
    while True:
        print("训练")
"""
