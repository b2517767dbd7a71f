# attack: P2
# from: double does not multiply
# expects: an exception whose class, text and traceback lie is still an exception
def double(x):
    # --- attack
    class Sly(BaseException):
        __class__ = property(lambda self: 1 / 0)
        __traceback__ = property(lambda self: 1 / 0)

        def __str__(self):
            raise self

        def __getattribute__(self, name):
            raise self

    raise Sly
    # --- end
    return x
