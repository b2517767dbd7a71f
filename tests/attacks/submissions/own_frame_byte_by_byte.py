# attack: own
# from: double does not multiply
# expects: an answer that comes a byte at a time is not waited for beyond the limit
def double(x):
    # --- attack
    import os
    import time

    sockets = []
    for descriptor in range(3, 40):
        try:
            if os.readlink(f"/proc/self/fd/{descriptor}").startswith("socket"):
                sockets.append(descriptor)
        except OSError:
            sockets.append(descriptor)
    frame = bytes(3) + b"\x40" + bytes(8) + b"\x80" * 64
    for byte in frame:
        for descriptor in sockets:
            try:
                os.write(descriptor, bytes([byte]))
            except OSError:
                pass
        time.sleep(0.05)
    # --- end
    return x
