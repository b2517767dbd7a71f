# 卷积操作：torch.nn.functional.conv2d 与手写实现
import torch
import torch.nn.functional as F

input = torch.tensor([[1, 2, 0, 3, 1],
                      [0, 1, 2, 3, 1],
                      [1, 2, 1, 0, 0],
                      [5, 2, 3, 1, 1],
                      [2, 1, 0, 1, 1]])

kernel = torch.tensor([[1, 2, 1],
                       [0, 1, 0],
                       [2, 1, 0]])


def to_nchw(matrix):
    # 变成四维：批次、通道、高、宽
    if matrix.dim() != 2:
        raise ValueError("matrix 必须是二维的，现在是 %d 维" % matrix.dim())
    return torch.reshape(matrix, (1, 1, matrix.shape[0], matrix.shape[1])).to(torch.float32)


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    if size < 1:
        raise ValueError("size 至少为 1")
    if kernel_size < 1:
        raise ValueError("kernel_size 至少为 1")
    if stride < 1:
        raise ValueError("stride 至少为 1")
    if padding < 0:
        raise ValueError("padding 不能为负")
    if dilation < 1:
        raise ValueError("dilation 至少为 1")
    有效大小 = dilation * (kernel_size - 1) + 1
    if 有效大小 > size + 2 * padding:
        raise ValueError("kernel_size 太大，放不下")
    return (size + 2 * padding - 有效大小) // stride + 1


def convolve(image, kernel, stride=1, padding=0):
    H, W = image.shape
    kH, kW = kernel.shape
    oH = output_size(H, kH, stride, padding)
    oW = output_size(W, kW, stride, padding)
    # 四周补零
    big = torch.zeros(H + 2 * padding, W + 2 * padding, dtype=image.dtype, device=image.device)
    big[padding:padding + H, padding:padding + W] = image
    out = torch.zeros(oH, oW, dtype=image.dtype, device=image.device)
    for i in range(oH):
        for j in range(oW):
            out[i, j] = (big[i * stride:i * stride + kH, j * stride:j * stride + kW] * kernel).sum()
    return out


def compare_convolutions(image, kernel):
    image, kernel = to_nchw(image), to_nchw(kernel)
    output = F.conv2d(image, kernel, stride=1)
    output2 = F.conv2d(image, kernel, stride=2)
    output3 = F.conv2d(image, kernel, stride=1, padding=1)
    return {"standard": output, "strided": output2, "padded": output3}


print(input.shape)
print(kernel.shape)
for name, output in compare_convolutions(input, kernel).items():
    print(name, output)
