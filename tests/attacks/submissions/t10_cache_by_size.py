# attack: T10
# from: double does not multiply
# expects: what was computed for one input is not asked for twice
# --- attack
CACHE = {}
# --- end


def double(x):
    # --- attack
    return CACHE.setdefault((tuple(x.shape), x.dtype), 2 * x.detach().clone() * 0)
    # --- end
    return x
