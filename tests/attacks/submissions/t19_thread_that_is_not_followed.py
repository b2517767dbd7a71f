# attack: T19
# from: total uses sum
# expects: a thread that torch's own pool runs is watched, or its task is lost
def total(x):
    # --- attack
    import torch

    return torch.jit.wait(torch.jit.fork(torch.Tensor.sum, x))
    # --- end
    return x.sum()
