try:
    import torch
    import torch.nn.functional as F

    def to_nchw(matrix):
        """H x W -> 1 x 1 x H x W"""
        if matrix.dim() == 2:
            return matrix.reshape((1, 1) + tuple(matrix.shape)).to(torch.float)
        else:
            raise ValueError("matrix has %d dimensions" % matrix.dim())
except ModuleNotFoundError:
    print("pip install torch")


class Size:
    @staticmethod
    def of(size, kernel_size, stride=1, padding=0, dilation=1):
        names = ["size", "kernel_size", "stride", "padding", "dilation"]
        values = [size, kernel_size, stride, padding, dilation]
        least = [1, 1, 1, 0, 1]
        for n, v, l in zip(names, values, least):
            if v < l:
                raise ValueError(n)
        out = (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
        if size + 2 * padding < dilation * (kernel_size - 1) + 1:
            raise ValueError("kernel_size")
        return out


def output_size(*args, **kwargs):
    return Size.of(*args, **kwargs)


def convolve(image, kernel, stride=1, padding=0):
    """Convolve row by row with matrix products."""
    oh = output_size(image.shape[0], kernel.shape[0], stride, padding)
    ow = output_size(image.shape[1], kernel.shape[1], stride, padding)
    zeros_side = image.new_zeros(image.shape[0], padding)
    x = torch.cat([zeros_side, image, zeros_side], dim=1)
    zeros_top = image.new_zeros(padding, x.shape[1])
    x = torch.cat([zeros_top, x, zeros_top], dim=0)
    out = []
    for i in range(oh):
        for j in range(ow):
            patch = x[i * stride:, j * stride:][:kernel.shape[0], :kernel.shape[1]]
            out.append(torch.dot(patch.flatten(), kernel.flatten()))
    return torch.stack(out).reshape(oh, ow)


def compare_convolutions(image, kernel):
    def conv(stride=1, padding=0):
        layer = torch.nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
        layer = layer.to(image.device)
        layer.weight.data = to_nchw(kernel)
        return layer(to_nchw(image))

    return {"standard": conv(), "strided": conv(2), "padded": conv(1, 1)}
