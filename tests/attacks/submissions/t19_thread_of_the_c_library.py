# attack: T19
# from: total uses sum
# expects: no thread is started behind Python's back
def total(x):
    # --- attack
    c = __import__("cty" + "pes")
    done, number, library = [], c.c_ulong(), c.CDLL(None)

    def work(_):
        done.append(x.sum())
        return 0

    run = c.CFUNCTYPE(c.c_void_p, c.c_void_p)(work)
    getattr(library, "pthread_" + "create")(c.byref(number), None, run, None)
    library.pthread_join(number, None)
    return done[0]
    # --- end
    return x.sum()
