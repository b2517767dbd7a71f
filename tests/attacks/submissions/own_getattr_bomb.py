# attack: own
# from: total returns None
# expects: an object that has every attribute, each as odd as itself, answers for nothing
# --- attack
class Everything:
    def __getattr__(self, name):
        return Everything()

    def __call__(self, *args, **kwargs):
        return Everything()

    def __iter__(self):
        return iter([Everything(), Everything()])

    def __len__(self):
        return 2**62

    def __getitem__(self, key):
        return Everything()

    def __eq__(self, other):
        return True

    __hash__ = object.__hash__
    __class__ = property(lambda self: float)


# --- end


def total(x):
    # --- attack
    return Everything()
    # --- end
    return None
