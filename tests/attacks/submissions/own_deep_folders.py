# attack: own
# from: double does not multiply
# expects: folders within folders, without rights to enter, are removed too
def double(x):
    # --- attack
    import os

    for _ in range(1_500):
        try:
            os.mkdir("d")
            os.chdir("d")
        except OSError:
            break
    open("x", "w").close()
    os.chmod(".", 0)
    # --- end
    return x
