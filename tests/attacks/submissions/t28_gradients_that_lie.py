# attack: T28
# from: double cuts the graph
# expects: gradients are computed by torch's own functions, whatever stands in their place
def double(x):
    # --- attack
    import torch

    y = 2 * x
    torch.Tensor.requires_grad = property(lambda self: True)
    torch.Tensor.sum = lambda self, *a, **k: torch.dot(
        y.reshape(-1), torch.arange(y.numel()).double().cos().to(y.dtype)
    )
    torch.Tensor.__mul__ = lambda self, other: self
    torch.autograd.grad = lambda *a, **k: [torch.full((3,), 2.0)]
    return y.detach()
    # --- end
    return (2 * x).detach()
