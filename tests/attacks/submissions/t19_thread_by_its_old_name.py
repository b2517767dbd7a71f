# attack: T19
# from: total uses sum
# expects: a thread is watched under whatever name it is started
def total(x):
    # --- attack
    import _thread
    import queue

    done = queue.Queue()
    getattr(_thread, "start_" + "new")(lambda: done.put(x.sum()), ())
    return done.get(timeout=2)
    # --- end
    return x.sum()
