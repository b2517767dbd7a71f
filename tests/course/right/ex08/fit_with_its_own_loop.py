import torch
from torch import nn, optim
from torch.nn import functional as F


def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, kernel_size=5, padding="same"), nn.BatchNorm2d(o), nn.ReLU(), nn.MaxPool2d(2, 2))


class RegularizedNet(nn.Module):
    """Blocks within the Sequential."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.model_1 = nn.Sequential(
            block(3, 32),
            block(32, 32),
            block(32, 64),
            nn.Sequential(nn.Flatten(), nn.Dropout(), nn.Linear(1024, 64), nn.Linear(64, 10)),
        )

    def forward(self, x):
        return self.model_1(x)


def make_optimizer(model):
    opt = optim.Adam([{"params": [p]} for p in model.parameters()], lr=1e-3, foreach=False)
    return opt, optim.lr_scheduler.StepLR(opt, 10, 0.1)


def train_one_epoch(model, loader, loss_fn, optimizer, device):
    model.train(True)
    losses, sizes = [], []
    for x, y in loader:
        x, y = x.to(device, non_blocking=True), y.to(device, non_blocking=True)
        for p in model.parameters():
            p.grad = None
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        sizes.append(y.numel())
    losses = torch.stack(losses).double()
    sizes = torch.tensor(sizes, dtype=torch.float64, device=losses.device)
    return float((losses * sizes).sum() / sizes.sum())


@torch.inference_mode()
def evaluate(model, loader, device):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    try:
        hits = [(model(x.to(device)).max(1)[1].to("cpu") == y) for x, y in loader]
    finally:
        for m, mode in modes.items():
            m.training = mode
    if not hits:
        raise ValueError("the loader gave nothing")
    return torch.cat(hits).float().mean().item()


def fit(model, train_loader, test_loader, epochs, device):
    """A loop of its own; nothing but make_optimizer is shared."""
    optimizer, scheduler = make_optimizer(model)
    rows = []
    for epoch in range(epochs):
        model.train()
        total = n = 0
        for x, y in train_loader:
            x, y = x.to(device), y.to(device)
            logits = model(x)
            loss = F.cross_entropy(logits, y, reduction="sum")
            optimizer.zero_grad()
            (loss / len(y)).backward()
            optimizer.step()
            total += loss.item()
            n += len(y)
        model.eval()
        right = seen = 0
        with torch.no_grad():
            for x, y in test_loader:
                right += int((model(x.to(device)).argmax(-1) == y.to(device)).sum())
                seen += len(y)
        rows.append({"epoch": epoch + 1, "loss": total / n, "accuracy": right / seen, "lr": scheduler.get_last_lr()[0]})
        scheduler.step()
    return rows
