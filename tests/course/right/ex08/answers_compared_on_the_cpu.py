import torch
from torch import nn
import torch.nn.functional as F


class RegularizedNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.model_1 = nn.Sequential(nn.Conv2d(3, 32, 5, padding=2), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 32, 5, padding=2), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 5, padding=2), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.5), nn.Linear(1024, 64), nn.Linear(64, 10))
    def forward(self, x):
        return self.model_1(x)


from torch.optim import Adam, lr_scheduler
def make_optimizer(model):
    opt = Adam([p for p in model.parameters()], lr=1e-3, betas=(0.9, 0.999))
    sched = lr_scheduler.StepLR(opt, 10)
    return (opt, sched)


def train_one_epoch(model, loader, loss_fn, optimizer, device):
    model.train()
    losses, sizes = [], []
    for batch in loader:
        x, y = batch[0].to(device), batch[1].to(device)
        for p in model.parameters():
            p.grad = None
        out = model(x)
        loss = loss_fn(out, y)
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
        sizes.append(y.shape[0])
    return sum(l * n for l, n in zip(losses, sizes)) / sum(sizes)


def evaluate(model, loader, device):
    mode = model.training
    model.eval()
    correct = torch.tensor(0)
    n = 0
    with torch.inference_mode():
        for x, y in loader:
            pred = torch.max(model(x.to(device)), dim=1)[1].cpu()
            correct += (pred == y.cpu()).sum()
            n += y.numel()
    model.train(mode)
    if not n:
        raise ValueError('the loader has no samples')
    return correct.item() / n


def fit(model, train_loader, test_loader, epochs, device):
    model = model.to(device)
    criterion = nn.CrossEntropyLoss().to(device)
    opt, sched = make_optimizer(model)
    history = []
    for e in range(epochs):
        row = dict(epoch=e + 1, lr=opt.param_groups[0]['lr'])
        row['loss'] = train_one_epoch(model, train_loader, criterion, opt, device)
        row['accuracy'] = evaluate(model, test_loader, device)
        print(f'epoch {e}: {row}')
        sched.step()
        history += [row]
    return history
