import torchvision
from torch import nn

dataset = torchvision.datasets.CIFAR10(
    "./data", train=False, download=True, transform=torchvision.transforms.ToTensor()
)
img, label = dataset[0]
C, H, W = img.shape
GESHU = 2 * C


class Suan(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(C, GESHU, kernel_size=3)

    def forward(self, x):
        return self.conv(x)


print(Suan()(img.reshape(1, C, H, W)).shape)
