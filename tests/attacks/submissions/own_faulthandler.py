# attack: own
# from: total returns None
# expects: it may have tracebacks written wherever it likes, and is ended all the same
def total(x):
    # --- attack
    import faulthandler
    import signal
    import sys

    faulthandler.register(signal.SIGUSR1, sys.__stdout__, chain=True)
    faulthandler.dump_traceback_later(0.01, repeat=True, file=sys.__stdout__)
    while True:
        pass
    # --- end
    return None
