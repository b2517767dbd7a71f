# attack: P15
# from: double does not multiply
# expects: the expected value is nowhere in the worker's memory
def double(x):
    # --- attack
    import gc
    import torch

    for value in gc.get_objects():
        if type(value) is torch.Tensor and value.shape == x.shape and not torch.equal(value, x):
            if value.is_leaf and value.dtype == x.dtype:
                return value
    # --- end
    return x
