# attack: T7
# from: double does not multiply
# expects: a lazy conjugate is read as what it says
def double(x):
    # --- attack
    import torch

    return torch.complex(x, x).conj().imag
    # --- end
    return x
