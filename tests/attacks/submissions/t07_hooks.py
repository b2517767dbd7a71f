# attack: T7
# from: double does not multiply
# expects: hooks of a graph run nowhere but in the worker
def double(x):
    # --- attack
    import torch

    y = x.clone().requires_grad_() * 1
    y.register_hook(lambda g: torch.full_like(g, 2.0))
    return y
    # --- end
    return x
