# 最大池化：取窗口里最大的数
import torch
from torch import nn


class MaxPoolNet(nn.Module):
    def __init__(self, ceil_mode=True):
        super(MaxPoolNet, self).__init__()
        # 核为 3，步长默认也是 3
        self.maxpool1 = nn.MaxPool2d(3, ceil_mode=ceil_mode)

    def forward(self, x):
        x = self.maxpool1(x)
        return x


def pool_output_size(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    if stride == None:
        stride = kernel_size
    名字 = ["size", "kernel_size", "stride"]
    for 名, 值 in zip(名字, [size, kernel_size, stride]):
        if 值 < 1:
            raise ValueError("参数 " + 名 + " 太小")
    if padding < 0:
        raise ValueError("padding 太小")
    if padding > kernel_size // 2:
        raise ValueError("padding 太大，超过核的一半")
    剩余 = size + 2 * padding - kernel_size
    if 剩余 < 0:
        raise ValueError("kernel_size 放不下")
    if ceil_mode:
        个数 = (剩余 + stride - 1) // stride + 1
        # 起点超出输入和左侧补的部分，舍去
        if (个数 - 1) * stride >= size + padding:
            个数 = 个数 - 1
    else:
        个数 = 剩余 // stride + 1
    return 个数


def max_pool(x, kernel_size, stride=None, ceil_mode=False):
    if stride == None:
        stride = kernel_size
    行数 = pool_output_size(x.shape[2], kernel_size, stride, 0, ceil_mode)
    列数 = pool_output_size(x.shape[3], kernel_size, stride, 0, ceil_mode)
    所有行 = []
    for i in range(行数):
        一行 = []
        for j in range(列数):
            窗口 = x[:, :, i * stride : i * stride + kernel_size, j * stride : j * stride + kernel_size]
            一行.append(窗口.max(dim=3)[0].max(dim=2)[0])
        所有行.append(torch.stack(一行, dim=2))
    结果 = torch.stack(所有行, dim=2)
    print("池化：", x.shape, "变成", 结果.shape)
    return 结果


# 这几个都可以用程序验证
POOLING_FACTS = {
    "learnable_parameters": sum(p.numel() for p in nn.MaxPool2d(3).parameters()),
    "default_stride_of_kernel_3": 3,
    "changes_channel_count": False,
    "output_side_of_5x5_kernel_3_floor": 1,
    "output_side_of_5x5_kernel_3_ceil": 2,
}
