# attack: H10
# from: double does not multiply
# expects: a line that never ends is not waited for
def double(x):
    # --- attack
    import sys

    sys.stdout.write("x" * 200_000)
    sys.stdout.flush()
    sys.stdout.close()
    # --- end
    return x
