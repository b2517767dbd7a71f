from __future__ import annotations

import contextlib
from collections import OrderedDict
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.optim import Adam, lr_scheduler


class RegularizedNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        for number, (inputs, outputs) in enumerate([(3, 32), (32, 32), (32, 64)], 1):
            layers[f"conv{number}"] = nn.Conv2d(inputs, outputs, 5, padding=2)
            layers[f"norm{number}"] = nn.BatchNorm2d(outputs)
            layers[f"relu{number}"] = nn.ReLU()
            layers[f"pool{number}"] = nn.MaxPool2d(2)
        layers |= {"flatten": nn.Flatten(), "dropout": nn.Dropout(p=0.5)}
        layers["linear1"], layers["linear2"] = nn.Linear(1024, 64), nn.Linear(64, 10)
        self.model_1 = nn.Sequential(layers)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.model_1:
            x = layer(x)
        return x


@contextlib.contextmanager
def mode(model: nn.Module, training: bool):
    before = model.training
    model.train(training)
    try:
        yield model
    finally:
        model.train(before)


@dataclass
class Mean:
    total: float = 0.0
    count: int = 0

    def add(self, value: float, weight: int) -> None:
        self.total += value * weight
        self.count += weight

    def get(self, name: str) -> float:
        if not self.count:
            raise ValueError(f"{name} has no samples")
        return self.total / self.count


class Trainer:
    def __init__(self, model, optimizer, loss_fn, device):
        self.model, self.optimizer, self.loss_fn, self.device = model, optimizer, loss_fn, device

    def batches(self, loader):
        for batch in loader:
            yield tuple(item.to(device=self.device) for item in batch)

    def step(self, images, targets) -> float:
        self.model.zero_grad()
        loss = self.loss_fn(self.model(images), targets)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def epoch(self, loader) -> float:
        mean = Mean()
        with mode(self.model, training=True):
            for images, targets in self.batches(loader):
                mean.add(self.step(images, targets), targets.size(0))
        return mean.get("loader")

    def accuracy(self, loader) -> float:
        mean = Mean()
        with mode(self.model, training=False), torch.set_grad_enabled(False):
            for images, targets in self.batches(loader):
                right = self.model(images).softmax(dim=1).argmax(dim=1).eq(targets)
                mean.add(right.double().mean().item(), len(right))
        return mean.get("loader")


def make_optimizer(model):
    optimizer = Adam(params=model.parameters(), lr=0.001, betas=(0.9, 0.999))
    return (optimizer, lr_scheduler.StepLR(optimizer, gamma=0.1, step_size=10))


def train_one_epoch(model, loader, loss_fn, optimizer, device) -> float:
    return Trainer(model, optimizer, loss_fn, device).epoch(loader)


def evaluate(model, loader, device) -> float:
    return Trainer(model, None, None, device).accuracy(loader)


def fit(model, train_loader, test_loader, epochs, device) -> list[dict]:
    optimizer, scheduler = make_optimizer(model.to(device))
    trainer = Trainer(model, optimizer, nn.CrossEntropyLoss(), device)

    def rows():
        for epoch in range(1, epochs + 1):
            (rate,) = {group["lr"] for group in optimizer.param_groups}
            loss = trainer.epoch(train_loader)
            yield {"epoch": epoch, "lr": rate, "loss": loss, "accuracy": trainer.accuracy(test_loader)}
            scheduler.step()

    return list(rows())
