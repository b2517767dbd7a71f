from __future__ import annotations

import torch
import torchvision
from torch import Tensor, nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

BATCH: int = 64
data: torchvision.datasets.CIFAR10 = torchvision.datasets.CIFAR10(
    "data", train=False, transform=torchvision.transforms.ToTensor(), download=True
)
loader: DataLoader = DataLoader(data, batch_size=BATCH)


class Biao(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.juan: nn.Conv2d = nn.Conv2d(3, 6, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.juan(x)


biao: Biao = Biao()
writer: SummaryWriter = SummaryWriter("logs")
for step, (imgs, targets) in enumerate(loader):
    output: Tensor = biao(imgs)
    writer.add_images("output", output, step)
writer.close()
