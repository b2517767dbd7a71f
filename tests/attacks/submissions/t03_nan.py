# attack: T3
# from: double does not multiply
# expects: NaN is equal to nothing
def double(x):
    # --- attack
    return x * float("nan")
    # --- end
    return x
