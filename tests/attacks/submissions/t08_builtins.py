# attack: T8
# from: double multiplies its input in place
# expects: probes ask Python's own functions, whatever stands in their place
def double(x):
    # --- attack
    import builtins

    class Same(tuple):
        def __eq__(self, other):
            return True

        def __ne__(self, other):
            return False

    builtins.tuple = builtins.bytes = builtins.memoryview = lambda *a: Same()
    # --- end
    x.data.mul_(2)
    return x
