import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

dataset = torchvision.datasets.CIFAR10("../data", train=False, transform=torchvision.transforms.ToTensor(), download=True)
dataloader = DataLoader(dataset, batch_size=64)

class Feng(nn.Module):
    def __init__(self):
        super(Feng, self).__init__()
        self.conv1 = nn.Conv2d(3, 6, 3, 1, 0)

    def forward(self, x):
        return self.conv1(x)

feng = Feng()
writer = SummaryWriter("logs")
step = 0
for imgs, targets in dataloader:
    output = feng(imgs)
    output = torch.reshape(output, (-1, 3, 30, 30))
    writer.add_image("input", imgs, step)
    writer.add_image("output", output, step)
    step += 1
writer.close()
