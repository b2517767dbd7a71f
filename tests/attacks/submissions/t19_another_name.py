# attack: T19
# from: total uses sum
# expects: a forbidden operator is seen under every name
def total(x):
    # --- attack
    import torch

    return getattr(torch, "s" + "um")(x)
    # --- end
    return x.sum()
