# attack: P18
# from: total returns None
# expects: nothing is read of another process: command line, environment, memory, descriptors
def total(x):
    # --- attack
    import os

    read = []
    pids = [name for name in os.listdir("/proc") if name.isdigit()] if os.path.isdir("/proc") else []
    for pid in {*pids, "1", str(os.getppid())} - {str(os.getpid())}:
        for name in ("environ", "cmdline", "maps", "mem", "fd", "cwd/ex90_mini.py"):
            try:
                path = f"/proc/{pid}/{name}"
                read.append(os.listdir(path) if name == "fd" else open(path, "rb").read(4000))
            except OSError:
                pass
    if any(read):
        raise LookupError("LE" + "AK: " + repr(read))
    # --- end
    return None
