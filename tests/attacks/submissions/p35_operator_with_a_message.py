# attack: P35
# from: pool uses torch's pooling
# expects: the name of an operator that it was never told carries no input out
# exercise: ex91
def pool(x):
    # --- attack
    import torch

    def carrier(*args, **kwargs):
        return None

    carrier.__name__ = "LE" + "AK_max_pool_" + repr(x.tolist())
    getattr(torch.overrides, "handle_torch_" + "function")(carrier, (x,), x)
    # --- end
    import torch

    return torch.nn.functional.max_pool1d(x[None], 2)[0]
