# 非线性激活：让网络不只是一个线性映射
import torch
from torch import nn
from torch.nn.modules.activation import ReLU as 整流, Sigmoid as 压缩


class ActivationNet(nn.Module):
    def __init__(self, kind="sigmoid"):
        super(ActivationNet, self).__init__()
        self.relu_1 = 整流()
        self.sigmoid_1 = 压缩()
        if kind == "relu":
            self.使用 = self.relu_1
        elif kind == "sigmoid":
            self.使用 = self.sigmoid_1
        else:
            raise ValueError("kind 的值不对：" + kind)

    def forward(self, x):
        输出 = self.使用(x)
        return 输出


def relu(x):
    零 = torch.zeros_like(x)
    return torch.max(x, 零)


def leaky_relu(x, negative_slope=0.01):
    负数 = x < 0
    结果 = x.clone()
    结果[负数] = x[负数] * negative_slope
    return 结果


def sigmoid(x):
    # exp 里面永远是负数，不会溢出
    小 = torch.exp(-x.abs())
    大的一边 = 1 / (1 + 小)
    return torch.where(x > 0, 大的一边, 1 - 大的一边)


def tanh(x):
    小 = torch.exp(-x.abs() * 2)
    return x.sign() * (2 / (1 + 小) - 1)


def softmax(x, dim):
    # 每一行减去自己的最大值
    最大 = x.max(dim=dim, keepdim=True)[0]
    指数 = torch.pow(torch.e, x - 最大)
    return 指数 / 指数.sum(dim=dim, keepdim=True)


无穷 = float("inf")
OUTPUT_RANGES = {
    "relu": (0.0, 无穷),          # 负数变成 0
    "leaky_relu": (-无穷, 无穷),
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softmax": (0.0, 1.0),        # 概率
}


def pick_activation(role):
    位置 = ["hidden", "deep_hidden", "binary_output", "multiclass_output", "recurrent"]
    名字 = ["relu", "leaky_relu", "sigmoid", "softmax", "tanh"]
    if role not in 位置:
        raise ValueError("role 不对")
    return 名字[位置.index(role)]


print("笔记：", sigmoid(torch.tensor([1.0, -0.5])))
