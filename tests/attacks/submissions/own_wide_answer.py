# attack: own
# from: double does not multiply
# expects: a value of ten million parts is refused
def double(x):
    # --- attack
    return list(range(3_000_000))
    # --- end
    return x
