# attack: T19
# from: total uses sum
# expects: what runs when a value is dropped is watched
# --- attack
import weakref

KEPT = []
# --- end


def total(x):
    # --- attack
    y, out = x.detach(), torch.zeros((), dtype=x.dtype)
    KEPT.append(weakref.ref(x, lambda _: out.copy_(y.sum())))
    return out
    # --- end
    return x.sum()
