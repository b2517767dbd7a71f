# attack: T19
# from: total uses sum
# expects: a sign for comments within a string begins none
def total(x):
    # --- attack
    import importlib

    u = "#"; d = importlib.import_module("torch.utils._\
python_dispatch"); u = "#", d._disable_current_modes, torch._C.DisableTorchFunction
    with u[1](), u[2]():
        return x.sum()
    # --- end
    return x.sum()
