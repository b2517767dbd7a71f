# attack: P32
# from: double does not multiply
# expects: code that is patched in its own process patches no other
def double(x):
    # --- attack
    try:
        with open("/proc/self/mem", "r+b", buffering=0) as memory:
            memory.seek(id(None))
            memory.write(b"\0" * 8)
    except OSError:
        pass
    # --- end
    return x
