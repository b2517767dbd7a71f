# attack: T13
# from: total returns None
# expects: a seed that is known to the worker makes none of the inputs
def total(x):
    # --- attack
    import random
    import torch

    for seed in (0, 1, 42, 90, torch.initial_seed(), random.getrandbits(63)):
        made = torch.randn(7, generator=torch.Generator().manual_seed(seed))
        if torch.equal(made, x):
            raise LookupError("LE" + "AK: the seed")
    # --- end
    return None
