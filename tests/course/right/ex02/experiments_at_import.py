import torch
import torchvision
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

dataset = torchvision.datasets.CIFAR10("./data", train=False, transform=torchvision.transforms.ToTensor(), download=True)
loader = DataLoader(dataset, batch_size=64, num_workers=2)
writer = SummaryWriter("logs")
conv = nn.Conv2d(3, 6, 3)
step = 0
for imgs, targets in loader:
    writer.add_images("input", imgs, step)
    step += 1
writer.close()


def to_nchw(matrix):
    print(matrix)
    if not len(matrix.size()) == 2:
        raise ValueError("matrix 不是二维")
    result = torch.empty(1, 1, matrix.size(0), matrix.size(1), dtype=torch.float32, device=matrix.device)
    result[0, 0] = matrix
    print(result)
    return result


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    for name, value, least in (("size", size, 1), ("kernel_size", kernel_size, 1), ("stride", stride, 1), ("padding", padding, 0), ("dilation", dilation, 1)):
        if value < least:
            raise ValueError(name + " must be at least " + str(least))
    if dilation * (kernel_size - 1) + 1 > size + 2 * padding:
        raise ValueError("kernel_size does not fit")
    # 一步一步数窗口
    count = 0
    start = -padding
    while start + dilation * (kernel_size - 1) <= size + padding - 1:
        count += 1
        start += stride
    print("输出大小", count)
    return count


def convolve(image, kernel, stride=1, padding=0):
    rows = output_size(image.shape[0], kernel.shape[0], stride, padding)
    cols = output_size(image.shape[1], kernel.shape[1], stride, padding)
    p = nn.ZeroPad2d(padding)(image[None])[0]
    views = p.as_strided(
        (rows, cols, kernel.shape[0], kernel.shape[1]),
        (p.stride(0) * stride, p.stride(1) * stride, p.stride(0), p.stride(1)),
    )
    result = torch.tensordot(views, kernel, dims=2)
    print(result)
    return result


def compare_convolutions(image, kernel):
    x = to_nchw(image)
    k = to_nchw(kernel)
    result = {}
    result["standard"] = F.conv2d(x, k, stride=1)
    result["strided"] = F.conv2d(x, k, stride=2)
    result["padded"] = F.conv2d(x, k, stride=1, padding=1)
    return result


output = F.conv2d(input, kernel, stride=1)   # input 还没有定义
print(output)
