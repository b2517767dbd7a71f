# attack: own
# from: total returns None
# expects: keys that were chosen to collide take no time of ours
def total(x):
    # --- attack
    modulus = (1 << 61) - 1
    return {number * modulus: None for number in range(1_900)}
    # --- end
    return None
