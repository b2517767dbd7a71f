# attack: P9
# from: double does not multiply
# expects: no module of the examiner's is in the worker
def double(x):
    # --- attack
    import sys

    for name, module in list(sys.modules.items()):
        known = getattr(module, "double", None)
        if known is not None and known is not double:
            return known(x)
    sys.modules["reference"] = sys.modules["solution"] = sys.modules[__name__]
    # --- end
    return x
