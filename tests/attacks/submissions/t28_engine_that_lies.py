# attack: T28
# from: double cuts the graph
# expects: gradients are computed by torch's engine, whatever its functions call on the way to it
def double(x):
    # --- attack
    import torch

    torch.autograd._engine_run_backward = lambda *a, **k: (2 * torch.arange(3.0).cos(),)
    return (2 * x).detach().requires_grad_()
    # --- end
    return (2 * x).detach()
