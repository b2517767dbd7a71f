# attack: P32
# from: double does not multiply
# expects: no process is traced, and no memory of another is read or written
def double(x):
    # --- attack
    import ctypes
    import os

    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(64)

    class Span(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]

    local = Span(ctypes.addressof(buffer), 64)
    remote = Span(0x400000, 64)
    done = []
    for pid in {1, os.getppid(), os.getpid() - 1, os.getpid() - 2} - {0, os.getpid()}:
        done.append(libc.ptrace(16, pid, 0, 0) == 0)
        read = libc.process_vm_readv(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)
        done.append(read > 0)
    if any(done):
        raise LookupError("LE" + "AK: another process")
    # --- end
    return x
