import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter
from model import *


class Cifar10Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.model_1 = nn.Sequential(
            nn.Conv2d(in_channels=3, out_channels=32, kernel_size=5, stride=1, padding=2),
            nn.MaxPool2d(kernel_size=2),
            nn.Conv2d(in_channels=32, out_channels=32, kernel_size=5, stride=1, padding=2),
            nn.MaxPool2d(kernel_size=2),
            nn.Conv2d(in_channels=32, out_channels=64, kernel_size=5, stride=1, padding=2),
            nn.MaxPool2d(kernel_size=2),
            nn.Flatten(),
            nn.Linear(1024, 64),
            nn.Linear(64, 10),
        )

    def forward(self, input):
        """前向传播。"""
        print("输入：", input.shape)
        output = self.model_1(input)
        print("输出：", output.shape)
        return output


SHAPE_TABLE = [None] * 10
SHAPE_TABLE[0] = ("input", (64, 3, 32, 32))
SHAPE_TABLE[1] = ("conv1", (64, 32, 32, 32))
SHAPE_TABLE[2] = ("maxpool1", (64, 32, 16, 16))
SHAPE_TABLE[3] = ("conv2", (64, 32, 16, 16))
SHAPE_TABLE[4] = ("maxpool2", (64, 32, 8, 8))
SHAPE_TABLE[5] = ("conv3", (64, 64, 8, 8))
SHAPE_TABLE[6] = ("maxpool3", torch.Size([64, 64, 4, 4]))
SHAPE_TABLE[7] = ("flatten", (64, 1024))
SHAPE_TABLE[8] = ("linear1", (64, 64))
SHAPE_TABLE[9] = ("linear2", (64, 10))


def trace_shapes(model, input_size):
    mode = model.training
    model.eval()
    result = []
    for index in range(1, len(model) + 1):
        # 每次运行前 index 层
        output = model[:index](torch.zeros(input_size))
        result.append((type(model[index - 1]).__name__, tuple(output.shape)))
    model.train(mode)
    return result


def log_graph(model, log_dir, input_size=(64, 3, 32, 32)):
    writer = SummaryWriter(log_dir)
    model_input = torch.zeros(input_size)
    writer.add_graph(model, model_input)
    writer.close()
