# attack: P22
# from: double does not multiply
# expects: descriptors that stand for one another cost the check and nothing else
def double(x):
    # --- attack
    import os

    for number in range(3, 16):
        try:
            os.dup2(1, number)
        except OSError:
            pass
    # --- end
    return x
