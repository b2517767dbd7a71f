# 线性层 nn.Linear
import torch
import torchvision
from torch import nn
from torch.nn import Linear
from torch.utils.data import DataLoader

dataset = torchvision.datasets.CIFAR10("../data", train=False, transform=torchvision.transforms.ToTensor(),
                                       download=True)
dataloader = DataLoader(dataset, batch_size=64, drop_last=True)


class LinearNet(nn.Module):
    def __init__(self):
        super(LinearNet, self).__init__()
        # 一整个批次：64*3*32*32
        self.linear_1 = Linear(196608, 10)

    def forward(self, input):
        output = self.linear_1(input)
        return output


def flatten_all(images):
    # 展平成一维
    return torch.reshape(images, (-1,))


def flatten_each(images):
    n = images.shape[0]
    return torch.reshape(images, (n, -1))


def linear(x, weight, bias=None):
    out_features, in_features = weight.shape
    if x.shape[-1] != in_features:
        raise ValueError("x 的最后一维与 weight 不匹配")
    if bias is not None:
        if bias.shape[0] != out_features:
            raise ValueError("bias 与 weight 不匹配")
    y = torch.matmul(x, torch.transpose(weight, 0, 1))
    if bias is not None:
        y = y + bias
    return y


def count_batches(n_samples, batch_size, drop_last):
    if n_samples < 0:
        raise ValueError("n_samples 不能为负")
    if batch_size <= 0:
        raise ValueError("batch_size 必须大于 0")
    n = n_samples // batch_size
    if n_samples % batch_size != 0 and not drop_last:
        n += 1
    return n


def make_loader(dataset, batch_size=64):
    return DataLoader(dataset, batch_size=batch_size, shuffle=False, num_workers=0, drop_last=True)


tudui = LinearNet()

for data in dataloader:
    imgs, targets = data
    print(imgs.shape)
    output = torch.flatten(imgs)
    print(output.shape)
    output = tudui(output)
    print(output.shape)
