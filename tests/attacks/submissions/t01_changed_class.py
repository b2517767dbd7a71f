# attack: T1
# from: double does not multiply
# expects: methods that are replaced on Tensor itself do not change the bytes that are sent
def double(x):
    # --- attack
    import torch

    for name in ("detach", "cpu", "contiguous", "reshape", "view", "numpy", "size", "numel"):
        setattr(torch.Tensor, name, lambda self, *a, **k: None)
    torch.Tensor.shape = property(lambda self: (3, 4))
    torch.Tensor.dtype = torch.float32
    # --- end
    return x
