# attack: H7
# from: total returns None
# expects: memory comes to an end, and only its own
def total(x):
    # --- attack
    import torch

    kept = []
    while True:
        try:
            kept.append(torch.ones(50_000_000))
        except (RuntimeError, MemoryError):
            kept.append(bytearray(100_000))
    # --- end
    return None
