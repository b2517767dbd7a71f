# attack: P29
# from: total returns None
# expects: a process that stopped itself is ended like any other
def total(x):
    # --- attack
    import os
    import signal

    os.kill(os.getpid(), signal.SIGSTOP)
    # --- end
    return None
