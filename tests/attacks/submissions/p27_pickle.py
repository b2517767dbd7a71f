# attack: P27
# from: double does not multiply
# expects: nothing of the student's is unpickled
def double(x):
    # --- attack
    import os

    class Bomb:
        def __reduce__(self):
            return os.system, ("touch /tmp/hostile-pickle",)

        __reduce_ex__ = __getstate__ = lambda self, *a: self.__reduce__()

    return Bomb()
    # --- end
    return x
