# attack: H8
# from: save writes nothing
# expects: a link to an endless device costs its check
# exercise: ex91
def save(values, path):
    # --- attack
    import os

    os.symlink("/dev/zero", path)
    # --- end
    return None
