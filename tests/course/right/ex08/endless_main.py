from itertools import count

import torch
import torch.nn as nn
import torch.optim as optim

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")


class RegularizedNet(nn.Module):
    """Each layer has a name of its own, too; each is one and the same layer."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 32, 5, padding=2), nn.BatchNorm2d(32)
        self.conv2, self.bn2 = nn.Conv2d(32, 32, 5, padding=2), nn.BatchNorm2d(32)
        self.conv3, self.bn3 = nn.Conv2d(32, 64, 5, padding=2), nn.BatchNorm2d(64)
        self.model_1 = nn.Sequential(
            self.conv1, self.bn1, nn.ReLU(), nn.MaxPool2d(2),
            self.conv2, self.bn2, nn.ReLU(), nn.MaxPool2d(2),
            self.conv3, self.bn3, nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Dropout(0.5), nn.Linear(1024, 64), nn.Linear(64, 10),
        )

    forward = lambda self, x: self.model_1(x)


make_optimizer = lambda model: (
    (optimizer := optim.Adam(model.parameters(), lr=1e-3)),
    optim.lr_scheduler.StepLR(optimizer, step_size=10, gamma=0.1),
)


def to(device, *tensors):
    return [tensor.to(device) for tensor in tensors]


def _epoch(model, loader, device, on_batch, training):
    before = model.training
    model.train() if training else model.eval()
    with torch.set_grad_enabled(training):
        results = [(on_batch(*to(device, *batch)), len(batch[-1])) for batch in loader]
    if not training:
        model.train(before)
    if results == []:
        raise ValueError("`loader`: no batches")
    return sum(value * size for value, size in results) / sum(size for _, size in results)


def train_one_epoch(model, loader, loss_fn, optimizer, device="cpu"):
    def on_batch(x, y):
        loss = loss_fn(model(x), y)
        optimizer.zero_grad(set_to_none=False)
        loss.backward()
        optimizer.step()
        return float(loss)

    return _epoch(model, loader, device, on_batch, training=True)


def evaluate(model, loader, device="cpu"):
    def on_batch(x, y):
        return (model(x).topk(1, dim=1).indices[:, 0] == y).sum().item() / len(y)

    return _epoch(model, loader, device, on_batch, training=False)


def fit(model, train_loader, test_loader, epochs, device=DEVICE, verbose=False):
    model = model.to(device)
    optimizer, scheduler = make_optimizer(model)
    criterion = torch.nn.CrossEntropyLoss().to(device)
    history = {"epoch": [], "loss": [], "accuracy": [], "lr": [], "best": []}
    for epoch in range(1, epochs + 1):
        history["epoch"].append(epoch)
        history["lr"].append(optimizer.param_groups[0]["lr"])
        history["loss"].append(train_one_epoch(model, train_loader, criterion, optimizer, device))
        history["accuracy"].append(evaluate(model, test_loader, device))
        history["best"].append(max(history["accuracy"]))
        scheduler.step()
    return [dict(zip(history, values)) for values in zip(*history.values())]


if __name__ == "__main__":
    from grader.datasets import load_images

    for epoch in count():
        print(epoch, load_images(train=True)[0].shape)
