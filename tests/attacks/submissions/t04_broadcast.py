# attack: T4
# from: total returns one number too few
# expects: a shape that only broadcasts to the right one is the wrong shape
def total(x):
    # --- attack
    result = x[:1]
    for value in x[1:]:
        result = result + value
    return result.expand(3, 1)
    # --- end
    return None
