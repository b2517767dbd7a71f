# attack: P29
# from: total returns None
# expects: the limit is kept from outside, whatever is done with signals
def total(x):
    # --- attack
    import signal
    import time

    signal.alarm(0)
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(number, lambda *a: None)
        except (OSError, ValueError):
            pass
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass
    # --- end
    return None
