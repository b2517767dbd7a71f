import contextlib
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn, optim


class RegularizedNet(nn.Module):
    def __init__(self):
        super().__init__()
        named = OrderedDict()
        for number, (a, b) in enumerate([(3, 32), (32, 32), (32, 64)], start=1):
            named[f"conv{number}"] = nn.Conv2d(a, b, kernel_size=5, padding=2)
            named[f"norm{number}"] = nn.BatchNorm2d(b)
            named[f"relu{number}"] = nn.ReLU()
            named[f"pool{number}"] = nn.MaxPool2d(2, 2)
        named.update(flat=nn.Flatten(), drop=nn.Dropout(p=1 / 2), linear1=nn.Linear(1024, 64), linear2=nn.Linear(64, 10))
        self.model_1 = nn.Sequential(named)

    def forward(self, x):
        for layer in self.model_1.children():
            x = layer(x)
        return x


def make_optimizer(model):
    groups = {}
    for p in model.parameters():
        groups.setdefault(p.dim() > 1, []).append(p)
    adam = optim.Adam([{"params": ps} for ps in groups.values()], lr=1e-3, foreach=False)
    return adam, optim.lr_scheduler.StepLR(gamma=0.1, step_size=10, optimizer=adam)


@contextlib.contextmanager
def _resting(model):
    awake = [m for m in model.modules() if m.training]
    try:
        yield model.eval()
    finally:
        for m in awake:
            m.training = True


def _batches(loader, device):
    empty = True
    for images, targets in loader:
        empty = False
        yield images.to(device), targets.to(device)
    if empty:
        raise ValueError("loader: no batch in it")


def train_one_epoch(model, loader, loss_fn, optimizer, device):
    model.train()
    losses, sizes = zip(*(_step(model, loss_fn, optimizer, *batch) for batch in _batches(loader, device)))
    losses, sizes = torch.tensor(losses, dtype=torch.float64), torch.tensor(sizes, dtype=torch.float64)
    return torch.dot(losses, sizes).div(sizes.sum()).item()


def _step(model, loss_fn, optimizer, images, targets):
    for group in optimizer.param_groups:
        for p in group["params"]:
            p.grad = None
    learns = [p for p in model.parameters() if p.requires_grad]
    loss = loss_fn(model(images), targets)
    for p, g in zip(learns, torch.autograd.grad(loss, learns, allow_unused=True)):
        p.grad = g
    optimizer.step()
    return float(loss.detach()), images.shape[0]


def evaluate(model, loader, device):
    hits = []
    with _resting(model) as quiet, torch.set_grad_enabled(False):
        for images, targets in _batches(loader, device):
            best = quiet(images).topk(1, dim=1).indices.squeeze(1)
            hits += (best == targets).tolist()
    return hits.count(True) / len(hits)


def fit(model, train_loader, test_loader, epochs, device):
    if epochs < 0:
        raise ValueError("epochs")
    adam, schedule = make_optimizer(model.to(device).train())
    rows = [{"epoch": 1 + n} for n in range(epochs)]
    for row in rows:
        row["lr"] = schedule.get_last_lr()[-1]
        row["loss"] = train_one_epoch(model, train_loader, F.cross_entropy, adam, device)
        row["accuracy"] = evaluate(model, test_loader, device)
        schedule.step()
    return rows
