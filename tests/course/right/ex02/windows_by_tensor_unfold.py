from __future__ import annotations
import torch, math
import torch.nn.functional as F

class ShapeError(ValueError):
    """Our own."""

def _need(ok, text):
    if not ok:
        raise ShapeError(text)

def to_nchw(matrix: torch.Tensor) -> torch.Tensor:
    _need(len(matrix.shape) == 2, "matrix is not 2-D")
    return matrix.type(torch.FloatTensor if matrix.device.type == "cpu" else torch.float32)[None][None]

def output_size(size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    _need(size >= 1, "size")
    _need(kernel_size >= 1, "kernel_size")
    _need(stride >= 1, "stride")
    _need(padding >= 0, "padding")
    _need(dilation >= 1, "dilation")
    span = dilation * (kernel_size - 1) + 1
    _need(span <= size + 2 * padding, f"the kernel spans {span}")
    return math.floor((size + 2 * padding - span) / stride + 1)

def convolve(image, kernel, stride=1, padding=0):
    def windows(x):
        return x.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)

    for side, k in zip(image.shape, kernel.shape):
        output_size(side, k, stride, padding)
    return torch.einsum("ijkl,kl->ij", windows(F.pad(image, [padding] * 4)), kernel)

def compare_convolutions(image, kernel):
    options = {"standard": {}, "strided": {"stride": 2}, "padded": {"padding": 1}}
    return {k: F.conv2d(to_nchw(image), to_nchw(kernel), bias=None, **o) for k, o in options.items()}

if __name__ == "__main__":
    while True:
        size, k = map(int, input("size, kernel: ").split(","))
        print(output_size(size, k))
