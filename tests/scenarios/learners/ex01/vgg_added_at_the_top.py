import torchvision
from torch import nn

vgg16 = torchvision.models.vgg16(pretrained=False)
vgg16.add_module("linear10", nn.Linear(1000, 10))
print(vgg16)
