# attack: H9
# from: total returns None
# expects: what is printed without end is cut
def total(x):
    # --- attack
    import os

    while True:
        os.write(1, b"A" * 65536)
        os.write(2, b"B\n" * 32768)
    # --- end
    return None
