import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

device = torch.device("mps" if torch.backends.mps.is_available() else "cuda" if torch.cuda.is_available() else "cpu")
t = torchvision.transforms.ToTensor()
train_set = torchvision.datasets.CIFAR10("./dataset", train=True, transform=t, download=True)
test_set = torchvision.datasets.CIFAR10("./dataset", train=False, transform=t, download=True)
train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
test_loader = DataLoader(test_set, batch_size=64)


def block(i, o):
    return [nn.Conv2d(i, o, 5, padding=2), nn.BatchNorm2d(o), nn.ReLU(), nn.MaxPool2d(2)]


class BnNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(*block(3, 32), *block(32, 32), *block(32, 64),
                                    nn.Flatten(), nn.Dropout(), nn.Linear(1024, 64), nn.Linear(64, 10))

    def forward(self, x):
        return self.layers(x)


net = BnNet().to(device)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.StepLR(optimizer, 10, 0.1)
writer = SummaryWriter('runs/bn')
for epoch in range(2):
    net.train()
    total = 0.0
    for x, y in train_loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
    sched.step()
    net.eval()
    hit = 0
    with torch.no_grad():
        for x, y in test_loader:
            x, y = x.to(device), y.to(device)
            hit += (net(x).argmax(1) == y).sum().item()
    writer.add_scalar('loss', total / len(train_set), epoch)
    writer.add_scalar('acc', hit / len(test_set), epoch)
writer.close()
