# attack: T19
# from: total uses sum
# expects: a scripted function is seen
# --- attack
import torch


@torch.jit.script
def inner(x: torch.Tensor) -> torch.Tensor:
    return x.sum()


# --- end
def total(x):
    # --- attack
    return inner(x)
    # --- end
    return x.sum()
