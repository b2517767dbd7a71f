# attack: T9
# from: double does not multiply
# expects: memory that is handed out again holds no expected value
def double(x):
    # --- attack
    import torch

    for _ in range(50):
        found = torch.empty_like(x)
        if found.abs().sum() > 0:
            return found
    # --- end
    return x
