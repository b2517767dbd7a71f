# attack: P34
# from: total returns None
# expects: an answer that is a constant is right for no random input
def total(x):
    # --- attack
    import torch

    return torch.tensor(0.5)
    # --- end
    return None
