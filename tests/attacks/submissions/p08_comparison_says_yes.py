# attack: P8
# from: double does not multiply
# expects: values are compared where these functions are still torch's own
def double(x):
    # --- attack
    import builtins
    import torch

    torch.allclose = torch.isclose = torch.equal = lambda *a, **k: True
    torch.testing.assert_close = lambda *a, **k: None
    torch.Tensor.__eq__ = lambda *a: True
    builtins.all = builtins.any = builtins.isinstance = lambda *a: True
    builtins.abs = lambda *a: 0
    # --- end
    return x
