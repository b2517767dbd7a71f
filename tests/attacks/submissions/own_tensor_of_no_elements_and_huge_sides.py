# attack: own
# from: double does not multiply
# expects: sides whose product is nothing overflow nowhere
def double(x):
    # --- attack
    import torch

    return torch.empty(0, 2**40, 2**22)
    # --- end
    return x
