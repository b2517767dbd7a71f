import collections
import torch
import torch.nn as nn

layers = collections.OrderedDict([
    ('conv1', nn.Conv2d(3, 32, 5, padding='same')),
    ('pool1', nn.MaxPool2d(2)),
    ('conv2', nn.Conv2d(32, 32, 5, padding='same')),
    ('pool2', nn.MaxPool2d(2)),
    ('conv3', nn.Conv2d(32, 64, 5, padding='same')),
    ('pool3', nn.MaxPool2d(2)),
    ('flat', nn.Flatten()),
    ('fc1', nn.Linear(1024, 64)),
    ('fc2', nn.Linear(64, 10)),
])


class OrderedNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(layers)

    def forward(self, x):
        return self.net(x)


print(OrderedNet()(torch.zeros(1, 3, 32, 32)))
