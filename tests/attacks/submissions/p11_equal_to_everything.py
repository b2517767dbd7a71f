# attack: P11
# from: double does not multiply
# expects: an object that is equal to everything is of the wrong type
def double(x):
    # --- attack
    class Evil:
        def __eq__(self, other):
            return True

        def __getattr__(self, name):
            return self

        def __call__(self, *args, **kwargs):
            return self

        __array__ = __float__ = __len__ = __bool__ = __call__
        __class__ = property(lambda self: type(x))

    return Evil()
    # --- end
    return x
