import torchvision
from torch import nn

vgg16_false = torchvision.models.vgg16(pretrained=False)
vgg16_flase.classifier[6] = nn.Linear(4096, 10)
print(vgg16_false)
