# attack: T5
# from: double does not multiply
# expects: what is empty is not equal to what is not
def double(x):
    # --- attack
    return x[:0]
    # --- end
    return x
