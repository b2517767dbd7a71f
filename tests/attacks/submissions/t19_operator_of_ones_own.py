# attack: T19
# from: total uses sum
# expects: operators beneath one's own operator count as hidden
# --- attack
import torch.library

L = torch.library.Library("mine", "FRAGMENT")
L.define("tot(Tensor x) -> Tensor")
L.impl("tot", lambda x: x.sum(), "CPU")
# --- end


def total(x):
    # --- attack
    return torch.ops.mine.tot(x) if L else x
    # --- end
    return x.sum()
