# attack: P1
# from: double does not multiply
# expects: a process that ends with success earns nothing
def double(x):
    # --- attack
    import os

    os._exit(0)
    # --- end
    return x
