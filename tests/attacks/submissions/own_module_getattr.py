# attack: own
# from: double does not multiply
# expects: a module that has every attribute has no right one
# --- attack
class Everything(dict):
    def __missing__(self, key):
        return lambda *a, **k: True


# --- end
def double(x):
    # --- attack
    import sys

    module = sys.modules[__name__]
    module.__getattr__ = lambda name: lambda *a: True
    module.__class__ = type("Sly", (type(sys),), {"__getattribute__": lambda s, n: len})
    # --- end
    return x
