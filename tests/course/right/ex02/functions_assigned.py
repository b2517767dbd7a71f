import torch
from torch.nn.functional import conv2d as f_conv2d, pad

def _check(**kw):
    for k, v in kw.items():
        if v < (0 if k == "padding" else 1):
            raise ValueError(f"bad {k}: {v}")

def _size(size, kernel_size, stride=1, padding=0, dilation=1):
    _check(size=size, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation)
    free = size + 2 * padding - dilation * (kernel_size - 1) - 1
    if free < 0:
        raise ValueError("kernel_size: too big")
    return free // stride + 1

output_size = _size

def reshaped(matrix):
    try:
        h, w = matrix.shape
    except ValueError:
        raise ValueError("matrix: expected two dimensions") from None
    return matrix.to(dtype=torch.float32).view(1, 1, h, w) if matrix.is_contiguous() else reshaped(matrix.contiguous())

to_nchw = lambda matrix: reshaped(matrix)

def convolve(image, kernel, stride=1, padding=0):
    (h, w), (kh, kw) = image.shape, kernel.shape
    oh, ow = _size(h, kh, stride, padding), _size(w, kw, stride, padding)
    x = pad(image, (padding,) * 4)
    parts = [
        kernel[a, b] * x[a : a + (oh - 1) * stride + 1 : stride, b : b + (ow - 1) * stride + 1 : stride]
        for a in range(kh) for b in range(kw)
    ]
    return torch.stack(parts).sum(0)

compare_convolutions = lambda image, kernel: {
    "standard": f_conv2d(to_nchw(image), to_nchw(kernel)),
    "strided": f_conv2d(to_nchw(image), to_nchw(kernel), stride=2),
    "padded": f_conv2d(to_nchw(image), to_nchw(kernel), padding=1),
}
