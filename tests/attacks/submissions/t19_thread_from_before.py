# attack: T19
# from: total uses sum
# expects: an operator is seen that runs in a thread
# --- attack
import queue
import threading

TODO, DONE = queue.Queue(), queue.Queue()


def work():
    while True:
        DONE.put(TODO.get().sum())


THREAD = threading.Thread(target=work, daemon=True)
THREAD.start()
# --- end


def total(x):
    # --- attack
    THREAD
    TODO.put(x)
    return DONE.get(timeout=2)
    # --- end
    return x.sum()
