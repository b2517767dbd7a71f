# attack: T8
# from: double does not multiply
# expects: the reference computes from its own copy
def double(x):
    # --- attack
    x.data.zero_()
    return x
    # --- end
    return x
