# attack: T15
# from: total returns None
# expects: time is not taken from clocks that it can replace
def total(x):
    # --- attack
    import time

    time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
    while True:
        pass
    # --- end
    return None
