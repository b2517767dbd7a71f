# nn.Sequential 搭建小实战
import torch
from torch import nn
from torch.nn import Conv2d, MaxPool2d, Flatten, Linear, Sequential
from torch.utils.tensorboard import SummaryWriter


class Cifar10Net(nn.Module):
    def __init__(self):
        super(Cifar10Net, self).__init__()
        # self.conv1 = Conv2d(3, 32, 5, padding=2)
        # self.maxpool1 = MaxPool2d(2)
        self.model_1 = Sequential(
            Conv2d(3, 32, 5, padding=2),
            MaxPool2d(2),
            Conv2d(32, 32, 5, padding=2),
            MaxPool2d(2),
            Conv2d(32, 64, 5, padding=2),
            MaxPool2d(2),
            Flatten(),
            Linear(1024, 64),
            Linear(64, 10)
        )

    def forward(self, x):
        x = self.model_1(x)
        return x


# 形状表：每一层之后
SHAPE_TABLE = [
    ("input", (64, 3, 32, 32)),
    ("conv1", (64, 32, 32, 32)),
    ("maxpool1", (64, 32, 16, 16)),
    ("conv2", (64, 32, 16, 16)),
    ("maxpool2", (64, 32, 8, 8)),
    ("conv3", (64, 64, 8, 8)),
    ("maxpool3", (64, 64, 4, 4)),
    ("flatten", (64, 1024)),
    ("linear1", (64, 64)),
    ("linear2", (64, 10)),
]


def trace_shapes(model, input_size):
    was_training = model.training
    model.eval()
    x = torch.ones(input_size)
    shapes = []
    for layer in model:
        x = layer(x)
        print(layer.__class__.__name__, "输出", x.shape)
        shapes.append((layer.__class__.__name__, x.shape))
    if was_training:
        model.train()
    return shapes


def log_graph(model, log_dir, input_size=(64, 3, 32, 32)):
    writer = SummaryWriter(log_dir)
    x = torch.ones(input_size)
    writer.add_graph(model, x)
    writer.close()


tudui = Cifar10Net()
print(tudui)
input = torch.ones((64, 3, 32, 32))
output = tudui(input)
print(output.shape)

writer = SummaryWriter("../logs_seq")
writer.add_graph(tudui, input)
writer.close()
