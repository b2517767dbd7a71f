# attack: T8
# from: double multiplies its input in place
# expects: an input that was changed is noticed, whatever functions of torch's are replaced
def double(x):
    # --- attack
    import torch

    torch.equal = torch.Tensor.equal = torch.Tensor.__eq__ = lambda *a: True
    torch.Tensor.nan_to_num = torch.Tensor.isnan = lambda self, **k: torch.zeros(1)
    torch.Tensor.detach = lambda self: torch.zeros(1)
    # --- end
    x.data.mul_(2)
    return x
