# attack: own
# from: double does not multiply
# expects: a value that is nested without end is refused
def double(x):
    # --- attack
    nested = []
    for _ in range(100_000):
        nested = [nested]
    around = {}
    around["around"] = around
    return [nested, around]
    # --- end
    return x
