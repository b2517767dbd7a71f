# attack: P15
# from: double does not multiply
# expects: the bytes of the expected value are nowhere in the worker's memory
def double(x):
    # --- attack
    import ctypes

    want = (2 * x).detach().numpy().tobytes()
    del x
    found = ctypes.string_at(id(want), 1 << 12).count(want)
    raise LookupError(found)
    # --- end
    return x
