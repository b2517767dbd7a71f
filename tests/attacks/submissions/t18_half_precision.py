# attack: T18
# from: double is off by a thousandth
# expects: another dtype does not make the tolerance wider
def double(x):
    # --- attack
    return (2 * x).half() * 1.001
    # --- end
    return 2 * x * 1.001
