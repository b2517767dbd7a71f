import torch
import torchvision
from torch import nn
from torch.nn import ReLU, Sigmoid
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

input = torch.tensor([[1, -0.5],
                      [-1, 3]])
input = torch.reshape(input, (-1, 1, 2, 2))
print(input.shape)

dataset = torchvision.datasets.CIFAR10("../data", train=False, download=True,
                                       transform=torchvision.transforms.ToTensor())
dataloader = DataLoader(dataset, batch_size=64)


class ActivationNet(nn.Module):
    def __init__(self, kind="sigmoid"):
        super(ActivationNet, self).__init__()
        if kind != "relu" and kind != "sigmoid":
            raise ValueError("kind 只能是 relu 或 sigmoid，不能是 %s" % kind)
        self.kind = kind
        self.relu_1 = ReLU()
        self.sigmoid_1 = Sigmoid()

    def forward(self, input):
        if self.kind == "sigmoid":
            output = self.sigmoid_1(input)
        if self.kind == "relu":
            output = self.relu_1(input)
        return output


net = ActivationNet()
writer = SummaryWriter("../logs_relu")
step = 0
for data in dataloader:
    imgs, targets = data
    writer.add_images("input", imgs, global_step=step)
    output = net(imgs)
    writer.add_images("output", output, step)
    step += 1
writer.close()


def relu(x):
    return (x + x.abs()) / 2


def leaky_relu(x, negative_slope=0.01):
    # 正的部分减去负的部分乘以斜率
    return relu(x) - negative_slope * relu(-x)


def sigmoid(x):
    # 分子分母同乘 exp(min(x, 0))，所有指数都不超过 0
    zero = torch.zeros_like(x)
    return torch.exp(torch.minimum(x, zero)) / (1 + torch.exp(-torch.abs(x)))


def tanh(x):
    return 2 * sigmoid(2 * x) - 1


def softmax(x, dim):
    x = x - torch.max(x, dim, keepdim=True).values
    x = torch.exp(x)
    return x / torch.sum(x, dim, keepdim=True)


OUTPUT_RANGES = {
    "relu": (0.0, float("inf")),
    "leaky_relu": (float("-inf"), float("inf")),
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softmax": (0.0, 1.0),
}


def pick_activation(role):
    if role == "hidden":
        return "relu"
    elif role == "deep_hidden":
        return "leaky_relu"
    elif role == "binary_output":
        return "sigmoid"
    elif role == "multiclass_output":
        return "softmax"
    elif role == "recurrent":
        return "tanh"
    else:
        raise ValueError("role 不认识：" + role)


print(softmax(input, 3))
