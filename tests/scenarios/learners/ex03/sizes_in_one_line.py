import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader
from tqdm import tqdm

IN, OUT, SIDE, STEP, RING = 3, 6, 3, 1, 0

photos = torchvision.datasets.CIFAR10("./photos", train=False, download=True,
                                      transform=torchvision.transforms.ToTensor())


class Kernels(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(IN, OUT, SIDE, STEP, RING)

    def forward(self, x):
        return self.first(x)


kernels = Kernels()
for imgs, _ in tqdm(DataLoader(photos, 64)):
    print(kernels(imgs).shape)
