import torch
import torchvision
from torch import nn
from torch.nn import MaxPool2d
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

dataset = torchvision.datasets.CIFAR10("../data", train=False, download=True,
                                       transform=torchvision.transforms.ToTensor())
dataloader = DataLoader(dataset, batch_size=64)

input = torch.tensor([[1, 2, 0, 3, 1],
                      [0, 1, 2, 3, 1],
                      [1, 2, 1, 0, 0],
                      [5, 2, 3, 1, 1],
                      [2, 1, 0, 1, 1]], dtype=torch.float32)
input = torch.reshape(input, (-1, 1, 5, 5))
print(input.shape)


class MaxPoolNet(nn.Module):
    def __init__(self, ceil_mode=True):
        super(MaxPoolNet, self).__init__()
        self.maxpool1 = MaxPool2d(kernel_size=3, ceil_mode=ceil_mode)

    def forward(self, input):
        output = self.maxpool1(input)
        return output


net = MaxPoolNet()
print(net(input))
writer = SummaryWriter("logs_maxpool")
step = 0
for data in dataloader:
    imgs, targets = data
    writer.add_images("input", imgs, step)
    output = net(imgs)
    writer.add_images("output", output, step)
    step = step + 1
writer.close()


def pool_output_size(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    # 逐个数窗口，不用公式
    if stride is None:
        stride = kernel_size
    if size < 1:
        raise ValueError("size 必须至少为 1")
    if kernel_size < 1:
        raise ValueError("kernel_size 必须至少为 1")
    if stride < 1:
        raise ValueError("stride 必须至少为 1")
    if padding < 0:
        raise ValueError("padding 不能为负")
    if padding * 2 > kernel_size:
        raise ValueError("padding 不能超过核的一半")
    end = size + 2 * padding
    if kernel_size > end:
        raise ValueError("kernel_size 太大")
    count = 0
    start = 0
    while start + kernel_size <= end:
        count += 1
        start += stride
    # start 是第一个伸出边界的窗口
    last = start - stride
    if ceil_mode:
        if last + kernel_size < end and start < size + padding:
            count += 1
        elif last >= size + padding:
            count -= 1
    return count


def max_pool(x, kernel_size, stride=None, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    N, C, H, W = x.shape
    oH = pool_output_size(H, kernel_size, stride, ceil_mode=ceil_mode)
    oW = pool_output_size(W, kernel_size, stride, ceil_mode=ceil_mode)
    output = torch.empty(N, C, oH, oW, dtype=x.dtype, device=x.device)
    for i in range(oH):
        for j in range(oW):
            window = x[:, :, i * stride:i * stride + kernel_size, j * stride:j * stride + kernel_size]
            output[:, :, i, j] = torch.max(window.reshape(N, C, -1), dim=2)[0]
    return output


POOLING_FACTS = {
    "learnable_parameters": 0,
    "default_stride_of_kernel_3": 3,
    "changes_channel_count": False,
    "output_side_of_5x5_kernel_3_floor": 1,
    "output_side_of_5x5_kernel_3_ceil": 2,
}
