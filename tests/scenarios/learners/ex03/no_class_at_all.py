import torch
import torchvision
from torch import nn

conv = nn.Conv2d(3, 6, 3, stride=1, padding=0)
imgs = torch.rand(64, 3, 32, 32)
print(conv(imgs).shape)
