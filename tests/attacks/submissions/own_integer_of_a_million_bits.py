# attack: own
# from: double does not multiply
# expects: a number that Python refuses to print breaks no message
def double(x):
    # --- attack
    return -(1 << 999_999)
    # --- end
    return x
