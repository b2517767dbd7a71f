import torch
from torch import nn
from torch.nn.modules.pooling import MaxPool2d


class MaxPoolNet(nn.Module):
    """网络：一个池化层。"""

    def __init__(self, ceil_mode=True):
        super().__init__()
        self.ceil_mode = ceil_mode
        self.maxpool1 = MaxPool2d(3, 3)
        self.maxpool1.ceil_mode = ceil_mode

    def forward(self, x):
        y = self.maxpool1(x)
        assert y.shape[1] == x.shape[1]
        return y


def pool_output_size(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    if size < 1: raise ValueError('size < 1')
    if kernel_size < 1: raise ValueError('kernel_size < 1')
    if stride is None: stride = kernel_size
    if stride < 1: raise ValueError('stride < 1')
    if padding < 0: raise ValueError('padding < 0')
    if padding > kernel_size * 0.5: raise ValueError('padding > kernel_size / 2')
    if size + padding + padding < kernel_size: raise ValueError('kernel_size > size')
    n, start = 0, 0
    while True:
        fits = start + kernel_size <= size + 2 * padding
        if ceil_mode:
            # 前一个窗口已经盖住了末尾，就不需要更多窗口
            covered = n > 0 and start - stride + kernel_size >= size + 2 * padding
            if covered or start >= size + padding:
                return n
        elif not fits:
            return n
        n += 1
        start += stride


def max_pool(x, kernel_size, stride=None, ceil_mode=False):
    step = stride
    if step is None:
        step = kernel_size
    def index(side):
        n = pool_output_size(side, kernel_size, step, ceil_mode=ceil_mode)
        first = torch.arange(n, device=x.device)[:, None] * step
        # 伸出边界的下标改成最后一个：重复的数不影响最大值
        return (first + torch.arange(kernel_size, device=x.device)).clamp(max=side - 1)
    rows, columns = index(x.shape[2]), index(x.shape[3])
    return x[:, :, rows[:, None, :, None], columns[None, :, None, :]].flatten(4).max(4).values


POOLING_FACTS = {
    'learnable_parameters': 0,
    'default_stride_of_kernel_3': 3,
    'changes_channel_count': False,
    'output_side_of_5x5_kernel_3_floor': 1,
    'output_side_of_5x5_kernel_3_ceil': 2,
}
