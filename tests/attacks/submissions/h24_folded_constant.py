# attack: H24
# from: double does not multiply
# expects: a constant that takes all memory takes only its own
# --- attack
BIG = (((1 << 4096) ** 512) ** 512) ** 512
# --- end


def double(x):
    # --- attack
    BIG
    # --- end
    return x
