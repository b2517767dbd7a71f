# attack: own
# from: double does not multiply
# expects: no namespace is made, nothing is mounted, no root is changed
def double(x):
    # --- attack
    import ctypes
    import os

    libc = ctypes.CDLL(None)
    done = [libc.unshare(flag) == 0 for flag in (0x10000000, 0x00020000, 0x20000000, 0x40000000)]
    done.append(libc.mount(b"none", os.getcwd().encode(), b"tmpfs", 0, None) == 0)
    for act in (lambda: os.chroot("."), lambda: os.setuid(0), lambda: os.setgid(0)):
        try:
            act()
            done.append(os.getuid() == 0)
        except OSError:
            pass
    if any(done):
        raise LookupError("LE" + "AK: " + repr(done))
    # --- end
    return x
