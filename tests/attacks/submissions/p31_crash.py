# attack: P31
# from: double does not multiply
# expects: a segmentation fault costs its check
def double(x):
    # --- attack
    import ctypes

    ctypes.string_at(0)
    # --- end
    return x
