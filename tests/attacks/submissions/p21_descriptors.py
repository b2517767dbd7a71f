# attack: P21
# from: double does not multiply
# expects: words that are written into its descriptors say nothing
def double(x):
    # --- attack
    import os

    for number in range(3, 64):
        try:
            os.write(number, b"check: pass\n")
        except OSError:
            pass
    # --- end
    return x
