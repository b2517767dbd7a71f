# attack: own
# from: double does not multiply
# expects: no key ring keeps anything for the next worker
# --- attack
import ctypes

CALL = ctypes.CDLL(None).syscall


def look():
    if CALL(250, 10, -3, b"user", b"hostile", 0) >= 0:
        raise ValueError("LE" + "AK: key ring")


LOOKED = look()
# --- end


def double(x):
    # --- attack
    LOOKED
    import os

    for ring in (-3, -4, -5):
        CALL(248, b"user", b"hostile", b"1", 1, ring)
    os.abort()
    # --- end
    return x
