import torch
from torch import nn
import torch.nn.functional as F
import matplotlib.pyplot as plt
from tqdm import tqdm

class RegularizedNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        conv = lambda i, o: [nn.Conv2d(i, o, (5, 5), (1, 1), (2, 2)), nn.BatchNorm2d(o), nn.ReLU(), nn.MaxPool2d((2, 2))]
        self.model_1 = nn.Sequential(*conv(3, 32), *conv(32, 32), *conv(32, 64),
                                     nn.Flatten(1), nn.Dropout(p=.5), nn.Linear(64 * 16, 64, True), nn.Linear(64, 10))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.model_1.forward(x)

def make_optimizer(model):
    optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, model.parameters()))
    return optimizer, torch.optim.lr_scheduler.StepLR(optimizer, step_size=10, gamma=1e-1)

def train_one_epoch(model, loader, loss_fn, optimizer, device):
    """Writes the gradients itself."""
    model.train()
    params = [p for p in model.parameters() if p.requires_grad]
    total = torch.zeros(())
    n = 0
    it = iter(loader)
    while True:
        try:
            images, targets = next(it)
        except StopIteration:
            break
        images, targets = images.to(torch.device(device)), targets.to(torch.device(device))
        loss = loss_fn(model(images), targets)
        for p, g in zip(params, torch.autograd.grad(loss, params)):
            p.grad = g
        optimizer.step()
        total += loss.detach().cpu() * images.size(0)
        n += images.size(0)
    return total.item() / n

def evaluate(model, loader, device):
    mode, predictions, truth = model.training, [], []
    model.train(False)
    for images, targets in loader:
        with torch.no_grad():
            predictions += model(images.to(device)).argmax(dim=-1).tolist()
        truth += targets.to(device).tolist()
    model.train(mode)
    try:
        return sum(p == t for p, t in zip(predictions, truth)) / len(truth)
    except ZeroDivisionError as error:
        raise ValueError("loader must not be empty") from error

def fit(model, train_loader, test_loader, epochs, device):
    optimizer, scheduler = make_optimizer(model)
    def one(epoch):
        before = scheduler.get_last_lr()
        loss = train_one_epoch(model, train_loader, F.cross_entropy, optimizer, device)
        scheduler.step()
        return {'epoch': epoch, 'loss': loss, 'accuracy': evaluate(model, test_loader, device), 'lr': before[0]}
    return [one(epoch + 1) for epoch in range(epochs)]

plt.plot([row['loss'] for row in fit(RegularizedNet(), None, None, 3, 'cpu')])
plt.show()
