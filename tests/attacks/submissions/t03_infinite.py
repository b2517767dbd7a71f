# attack: T3
# from: total returns one
# expects: the infinite is equal to nothing finite
def total(x):
    # --- attack
    return x[0] / 0
    # --- end
    return x[0] / x[0]
