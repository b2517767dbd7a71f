# attack: T19
# from: total uses sum
# expects: torch's own ways to switch modes off cost the task
def total(x):
    # --- attack
    import torch
    from torch.utils._python_dispatch import _disable_current_modes

    with _disable_current_modes(), torch._C.DisableTorchFunction():
        return x.sum()
    # --- end
    return x.sum()
