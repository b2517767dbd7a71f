# attack: T20
# from: total is right for short vectors
# expects: an answer that is right for some inputs has no more for the others
def total(x):
    # --- attack
    if len(x) > 4:
        return x[0] + x[-1]
    # --- end
    return x[0] + x[-1]
