import torch
from torch import nn
from torch.nn import MaxPool2d


class Tudui(nn.Module):
    """最大池化：kernel_size=3，保留边缘（ceil_mode）。"""

    def __init__(self):
        super(Tudui, self).__init__()
        self.maxpool = MaxPool2d((3, 3), stride=3, padding=0, dilation=1, return_indices=False, ceil_mode=True)

    def forward(self, input):
        return self.maxpool(input)


print("结果：", Tudui()(torch.rand(1, 3, 32, 32)).shape)
