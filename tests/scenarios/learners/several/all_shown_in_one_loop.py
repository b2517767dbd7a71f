import torchvision
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

dataset = torchvision.datasets.CIFAR10(
    "./data", train=False, transform=torchvision.transforms.ToTensor(), download=True
)
loader = DataLoader(dataset, batch_size=64)


class Juan(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 6, 3)

    def forward(self, x):
        return self.c(x)


class Chi(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.MaxPool2d(3, ceil_mode=True)

    def forward(self, x):
        return self.p(x)


juan = Juan()
chi = Chi()
writer = SummaryWriter("logs")
for step, (imgs, targets) in enumerate(loader):
    writer.add_images("juan", juan(imgs).reshape((-1, 3, 30, 30)), step)
    writer.add_images("chi", chi(imgs), step)
writer.close()
