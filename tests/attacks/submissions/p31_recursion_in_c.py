# attack: P31
# from: total returns None
# expects: an overflow of the stack costs its check
def total(x):
    # --- attack
    import sys
    import threading

    sys.setrecursionlimit(10**8)
    nested = []
    for _ in range(10**6):
        nested = [nested]
    hash(str(nested))

    def down():
        return down() + 1

    thread = threading.Thread(target=down)
    thread.start()
    thread.join()
    # --- end
    return None
