# attack: P29
# from: total returns None
# expects: a loop with all signals blocked ends in time
def total(x):
    # --- attack
    import faulthandler
    import signal

    faulthandler.disable()
    faulthandler.unregister(signal.SIGUSR1)
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
    while True:
        pass
    # --- end
    return None
