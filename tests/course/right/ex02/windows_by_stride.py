import torch, math
import torch.nn.functional as F
def _check(**kw):
    for n, (v, low) in kw.items():
        if v < low: raise ValueError("%s must be >= %d" % (n, low))
def to_nchw(matrix):
    if matrix.ndim != 2: raise ValueError(f"Matrix must be 2-D, got {tuple(matrix.shape)}")
    return matrix.float().unsqueeze(0).unsqueeze(0)
def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    _check(size=(size,1), kernel_size=(kernel_size,1), stride=(stride,1), padding=(padding,0), dilation=(dilation,1))
    span = size + 2*padding - dilation*(kernel_size-1) - 1
    if span < 0: raise ValueError("kernel_size too large")
    return math.floor(span/stride)+1
def convolve(image, kernel, stride=1, padding=0):
    H, W = image.shape; kh, kw = kernel.shape
    oh = output_size(H, kh, stride, padding); ow = output_size(W, kw, stride, padding)
    padded = image.new_zeros(H+2*padding, W+2*padding)
    padded[padding:padding+H, padding:padding+W] = image
    win = padded.as_strided((oh, ow, kh, kw), (padded.stride(0)*stride, padded.stride(1)*stride, padded.stride(0), padded.stride(1)))
    return torch.einsum("ijkl,kl->ij", win, kernel)
def compare_convolutions(image, kernel):
    i, k = image[None, None].float(), kernel[None, None].float()
    f = F.conv2d
    return dict(padded=f(i, k, padding=(1, 1)), standard=f(i, k, None, 1, 0), strided=f(i, k, stride=(2,2)))
