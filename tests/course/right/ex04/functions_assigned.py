import torch, torch.nn as nn, math
import torch.nn.functional as F

try:
    class Tudui(nn.Module):
        def __init__(self, ceil_mode=True):
            nn.Module.__init__(self)
            self.maxpool1 = nn.MaxPool2d(3, None, 0, 1, False, ceil_mode)
        forward = lambda self, input: self.maxpool1(input)
except Exception as e:
    print("出错了", e)

MaxPoolNet = Tudui

def _bad(**named):
    return next((n for n, (v, low) in named.items() if v < low), None)

def _size(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    stride = {None: kernel_size}.get(stride, stride)
    name = _bad(size=(size, 1), kernel_size=(kernel_size, 1), stride=(stride, 1), padding=(padding, 0))
    if name: raise ValueError("bad " + name)
    if padding > kernel_size / 2: raise ValueError("Padding too large")
    if kernel_size > size + 2*padding: raise ValueError("Kernel_size too large")
    out = (size + 2*padding - kernel_size + (stride - 1 if ceil_mode else 0)) // stride + 1
    return out - 1 if ceil_mode and (out - 1)*stride >= size + padding else out

pool_output_size = _size
_pad = lambda x, r, b: F.pad(x, [0, r, 0, b], mode="constant", value=torch.finfo(x.dtype).min)

def _unfolded(x, kernel_size, stride=None, ceil_mode=False):
    stride = kernel_size if stride is None else stride
    n, c, h, w = x.shape
    oh, ow = (_size(s, kernel_size, stride, 0, ceil_mode) for s in (h, w))
    x = _pad(x, max((ow-1)*stride + kernel_size - w, 0), max((oh-1)*stride + kernel_size - h, 0))
    columns = F.unfold(x, kernel_size, stride=stride)
    return columns.view(n, c, kernel_size**2, oh, ow).max(dim=2).values

max_pool = lambda *args, **kwargs: _unfolded(*args, **kwargs)

POOLING_FACTS = {}
POOLING_FACTS["learnable_parameters"] = len(list(nn.MaxPool2d(3).parameters()))
POOLING_FACTS["default_stride_of_kernel_3"] = nn.MaxPool2d(3).stride
POOLING_FACTS.update(changes_channel_count=False, output_side_of_5x5_kernel_3_floor=_size(5, 3), output_side_of_5x5_kernel_3_ceil=_size(5, 3, None, 0, True))
