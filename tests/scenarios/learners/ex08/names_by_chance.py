import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Bn(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            nn.Conv2d(3, 32, 5, padding=2), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 5, padding=2), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Dropout(0.5), nn.Linear(1024, 64), nn.Linear(64, 10),
        )

    def forward(self, x):
        return self.model(x)


def evaluate(net, loader):
    net.eval()
    right = total = 0
    with torch.no_grad():
        for imgs, labels in loader:
            right += (net(imgs.to(device)).argmax(1) == labels.to(device)).sum().item()
            total += len(labels)
    net.train()
    return right, total


def fit(net, loader, optimizer):
    loss_fn = nn.CrossEntropyLoss()
    net.train()
    for imgs, labels in loader:
        loss = loss_fn(net(imgs.to(device)), labels.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    tf = torchvision.transforms.ToTensor()
    train = DataLoader(torchvision.datasets.CIFAR10("data", True, tf, download=True), 64)
    test = DataLoader(torchvision.datasets.CIFAR10("data", False, tf, download=True), 64)
    bn = Bn().to(device)
    fit(bn, train, torch.optim.Adam(bn.parameters()))
    print("%d / %d" % evaluate(bn, test))
