# attack: T19
# from: total uses sum
# expects: a forbidden operator is seen in a backward
def total(x):
    # --- attack
    import torch

    y = torch.zeros((), requires_grad=True)
    (y.expand(x.shape) * x).backward(torch.ones_like(x))
    return y.grad
    # --- end
    return x.sum()
