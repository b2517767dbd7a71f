import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

device = torch.device("cuda:0")
data = torchvision.datasets.CIFAR10("D://torch_home", train=False, transform=torchvision.transforms.ToTensor(), download=True)


class Mine(nn.Module):
    def __init__(self):
        super(Mine, self).__init__()
        self.layer = nn.Conv2d(3, 6, kernel_size=(3, 3))

    def forward(self, x):
        x = x.cuda()
        return self.layer(x)


Mine = Mine().cuda()
for imgs, _ in DataLoader(data, batch_size=64):
    print(Mine(imgs).shape)
