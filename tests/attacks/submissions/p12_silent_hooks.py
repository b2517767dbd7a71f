# attack: P12
# from: double does not multiply
# expects: an error that nobody can print is an error
def double(x):
    # --- attack
    import sys
    import traceback

    sys.excepthook = sys.unraisablehook = lambda *a: None
    sys.displayhook = traceback.print_exception = lambda *a, **k: None
    sys.stdout = sys.stderr = None
    raise ValueError
    # --- end
    return x
