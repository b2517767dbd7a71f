# attack: own
# from: double does not multiply
# expects: no memory is shared with anyone
def double(x):
    # --- attack
    import ctypes
    import os
    from multiprocessing import shared_memory

    libc = ctypes.CDLL(None)
    libc.shmget(0x48575354, 4096, 0o1666)
    libc.semget(0x48575354, 1, 0o1666)
    libc.msgget(0x48575354, 0o1666)
    libc.mq_open(b"/hostile-queue", 0o102, 0o666, None)
    try:
        shared_memory.SharedMemory("hostile-shared", create=True, size=4096)
    except (OSError, ImportError):
        pass
    try:
        os.memfd_create("hostile-memory")
        raise LookupError("LE" + "AK: memfd")
    except OSError:
        pass
    # --- end
    return x
