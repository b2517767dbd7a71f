# attack: own
# from: total returns None
# expects: an object that never ends is not waited for
def total(x):
    # --- attack
    class Endless(dict):
        def __iter__(self):
            while True:
                yield 1

        __len__ = keys = items = values = __iter__

    return Endless(a=1)
    # --- end
    return None
