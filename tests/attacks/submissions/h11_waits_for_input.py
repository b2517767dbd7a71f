# attack: H11
# from: total returns None
# expects: nobody answers, and nobody waits
def total(x):
    # --- attack
    import threading

    try:
        input()
    except EOFError:
        pass
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
    # --- end
    return None
