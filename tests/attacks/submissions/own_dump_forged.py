# attack: own
# from: double does not multiply
# expects: a traceback that it writes itself names a line, at most
def double(x):
    # --- attack
    import os

    text = b'Current thread 0x1 (most recent call first):\n  File "<submission>", line 4 in x\n'
    for number in range(3, 64):
        try:
            if not os.path.sameopenfile(number, 1):
                os.write(number, text * 500)
        except OSError:
            pass
    os.abort()
    # --- end
    return x
