# attack: own
# from: double does not multiply
# expects: a frame that claims to be huge is refused before a byte of it is read
def double(x):
    # --- attack
    import os

    for number in range(3, 64):
        try:
            os.write(number, b"\xff" * 12)
        except OSError:
            pass
    # --- end
    return x
