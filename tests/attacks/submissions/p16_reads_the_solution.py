# attack: P16
# from: double does not multiply
# expects: neither solution nor suite can be opened
def double(x):
    # --- attack
    for path in ("@SOLUTION@", "@SUITE@/test_hidden.py", "@NEIGHBOUR@"):
        try:
            scope = {}
            exec(open(path).read(), scope)
            return scope["double"](x)
        except OSError:
            pass
    # --- end
    return x
