# attack: T1
# from: double multiplies its input in place
# expects: a mode of torch's that is left on answers no question of a probe's
def double(x):
    # --- attack
    kept = x.detach().clone()
    # --- end
    x.data.mul_(2)
    # --- attack
    from torch.overrides import TorchFunctionMode

    class Mode(TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):
            if args and args[0] is x:
                args = (kept, *args[1:])
            return func(*args, **(kwargs or {}))

    result = x.clone()
    Mode().__enter__()
    return result
    # --- end
    return x
