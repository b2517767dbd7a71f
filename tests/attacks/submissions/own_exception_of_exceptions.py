# attack: own
# from: double does not multiply
# expects: an exception that lies in every part of it is told by its class alone
def double(x):
    # --- attack
    class Lying(ValueError):
        def __str__(self):
            raise Lying

        __repr__ = __str__
        __class__ = property(lambda self: int)
        args = property(lambda self: [self] * 10**7)
        reason = property(lambda self: self)

        @property
        def __cause__(self):
            return self

        @property
        def __traceback__(self):
            raise Lying

    Lying.__name__ = "\x1b[2J\u202e" * 50
    Lying.__qualname__ = "x" * 10**6
    raise Lying from Lying()
    # --- end
    return x
