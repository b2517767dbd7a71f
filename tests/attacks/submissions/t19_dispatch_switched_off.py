# attack: T19
# from: total uses sum
# expects: torch's own ways to switch dispatch off cost the task
def total(x):
    # --- attack
    y = torch.zeros((), dtype=x.dtype, requires_grad=True)
    z = y.expand(x.shape) * x
    with torch._C._DisableTorchDispatch():
        return torch.autograd.grad(z, y, torch.ones_like(x))[0]
    # --- end
    return x.sum()
