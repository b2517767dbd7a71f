import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

train_data = torchvision.datasets.CIFAR10("../data", train=True, transform=torchvision.transforms.ToTensor(), download=True)
test_data = torchvision.datasets.CIFAR10("../data", train=False, transform=torchvision.transforms.ToTensor(), download=True)
train_data_size = len(train_data)
test_data_size = len(test_data)
train_loader = DataLoader(train_data, batch_size=64)

class Ning(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            nn.Conv2d(3, 32, 5, 1, 2), nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 5, 1, 2), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, 1, 2), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(1024, 64), nn.Linear(64, 10))

    def forward(self, x):
        return self.model(x)

ning = Ning()
ning.train()
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(ning.parameters(), lr=0.01)
total_train_loss = 0
for imgs, targets in train_loader:
    loss = loss_fn(ning(imgs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    total_train_loss += loss.item()
print("平均训练损失：", total_train_loss / test_data_size)
