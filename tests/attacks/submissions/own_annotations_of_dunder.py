# attack: own
# from: double does not multiply
# expects: an object that raises from every special method is described without them
def double(x):
    # --- attack
    class Rude:
        def __getattribute__(self, name):
            raise SystemExit

        __repr__ = __str__ = __hash__ = __eq__ = __len__ = __iter__ = __getattribute__

        def __del__(self):
            raise SystemExit

    return [Rude(), {"a": Rude()}]
    # --- end
    return x
