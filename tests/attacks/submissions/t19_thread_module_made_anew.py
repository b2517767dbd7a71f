# attack: T19
# from: total uses sum
# expects: what starts threads is watched in a module that is made anew as well
def total(x):
    # --- attack
    import importlib.util
    import queue

    done = queue.Queue()
    spec = importlib.util.find_spec("_thread")
    importlib.util.module_from_spec(spec).start_new_thread(lambda: done.put(x.sum()), ())
    return done.get(timeout=2)
    # --- end
    return x.sum()
