# fails: net_same_weights
# misconception: cuts-the-graph
from __future__ import annotations

import torch
from torch import nn
from torch.optim.lr_scheduler import StepLR


class RegularizedNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.model_1 = nn.Sequential(
            nn.Conv2d(3, 32, 5, padding=2),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 5, padding=2),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Dropout(0.5),
            nn.Linear(1024, 64),
            nn.Linear(64, 10),
        )

    def forward(self, x):
        return self.model_1(x.detach())


def make_optimizer(model):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    scheduler = StepLR(optimizer, step_size=10, gamma=0.1)
    return optimizer, scheduler


def train_one_epoch(model, loader, loss_fn, optimizer, device):
    model.train()
    total_loss = 0.0
    count = 0
    for images, targets in loader:
        images = images.to(device)
        targets = targets.to(device)
        outputs = model(images)
        loss = loss_fn(outputs, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total_loss += loss.item() * len(targets)
        count += len(targets)
    return total_loss / count


def evaluate(model, loader, device):
    was_training = model.training
    model.eval()
    correct = 0
    count = 0
    with torch.no_grad():
        for images, targets in loader:
            images = images.to(device)
            targets = targets.to(device)
            outputs = model(images)
            correct += (outputs.argmax(1) == targets).sum().item()
            count += len(targets)
    model.train(was_training)
    if count == 0:
        raise ValueError("loader is empty")
    return correct / count


def fit(model, train_loader, test_loader, epochs, device):
    model.to(device)
    loss_fn = nn.CrossEntropyLoss()
    optimizer, scheduler = make_optimizer(model)
    history = []
    for epoch in range(1, epochs + 1):
        lr = optimizer.param_groups[0]["lr"]
        loss = train_one_epoch(model, train_loader, loss_fn, optimizer, device)
        accuracy = evaluate(model, test_loader, device)
        history.append({"epoch": epoch, "loss": loss, "accuracy": accuracy, "lr": lr})
        scheduler.step()
    return history
