# attack: T19
# from: total uses sum
# expects: an operator is seen that is called without torch's Python functions
def total(x):
    # --- attack
    import torch

    return torch._C._VariableFunctions.sum(x)
    # --- end
    return x.sum()
