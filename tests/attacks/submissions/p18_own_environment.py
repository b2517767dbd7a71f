# attack: P18
# from: total returns None
# expects: no token of whoever grades is in the worker's environment or arguments
def total(x):
    # --- attack
    import os
    import sys

    seen = repr(dict(os.environ)) + repr(sys.argv) + repr(sys.orig_argv)
    raise LookupError("TOKEN " + seen)
    # --- end
    return None
