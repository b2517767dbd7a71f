import torchvision
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

class Net18(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3)

    def forward(self, x):
        return self.conv(x)

loader = DataLoader(torchvision.datasets.CIFAR10("data", False, torchvision.transforms.ToTensor(), download=True), 64)
net18 = Net18()
writer = SummaryWriter("log18")
for i, (x, y) in enumerate(loader):
    writer.add_images("x", x, i)
    writer.add_images("y", net18(x), i)
writer.close()
