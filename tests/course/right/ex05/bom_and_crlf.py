import torch
from torch import nn
import torch.nn.functional as F


class ActivationNet(nn.Module):
    """先检查，再选择。"""

    def __init__(self, kind='sigmoid'):
        super().__init__()
        if not kind in ['relu', 'sigmoid']:
            raise ValueError('kind: ' + str(kind))
        self.model = nn.Sequential(nn.ReLU() if kind == 'relu' else nn.Sigmoid())
        self.relu_1 = nn.ReLU()
        self.sigmoid_1 = nn.Sigmoid()

    def forward(self, x):
        print(x.shape)
        return self.model(x)


def relu(x):
    return torch.clip(x, min=0)


def leaky_relu(x, negative_slope=0.01):
    return torch.where(x >= 0, torch.ones_like(x), torch.full_like(x, negative_slope)) * x


def sigmoid(x):
    # 先替换掉不安全的一侧，再取 exp（“双重 where”）
    positive = x >= 0
    right = torch.where(positive, x, torch.zeros_like(x))
    left = torch.where(positive, torch.zeros_like(x), x)
    e = torch.exp(left)
    return torch.where(positive, 1 / (1 + torch.exp(-right)), e / (1 + e))


def tanh(x):
    e = (-2 * x.abs()).exp()
    return torch.copysign((1 - e) / (1 + e), x)


def softmax(x, dim):
    powers = torch.exp(x - x.amax(dim=dim, keepdim=True).detach())
    return F.normalize(powers, p=1, dim=dim)


OUTPUT_RANGES = {}
OUTPUT_RANGES['relu'] = (0., float('inf'))
OUTPUT_RANGES['leaky_relu'] = (-float('inf'), float('inf'))
OUTPUT_RANGES['sigmoid'] = OUTPUT_RANGES['softmax'] = (0., 1.)
OUTPUT_RANGES['tanh'] = (-1., 1.)


def pick_activation(role):
    names = {'hidden': 'relu', 'deep_hidden': 'leaky_relu', 'binary_output': 'sigmoid', 'multiclass_output': 'softmax', 'recurrent': 'tanh'}
    name = names.get(role)
    if name is None: raise ValueError(f'role {role}')
    return name
