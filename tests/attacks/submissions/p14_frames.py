# attack: P14
# from: double does not multiply
# expects: no frame above holds an expected value or the solution
def double(x):
    # --- attack
    import sys
    import torch

    frame = sys._getframe().f_back
    while frame:
        for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
            if type(value) is torch.Tensor and value.shape == x.shape and value is not x:
                return value
            known = getattr(value, "double", None)
            if callable(known) and known is not double and not isinstance(value, torch.Tensor):
                return known(x)
        frame = frame.f_back
    # --- end
    return x
