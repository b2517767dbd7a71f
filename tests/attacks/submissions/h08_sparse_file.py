# attack: H8
# from: save writes nothing
# expects: a file that claims to be huge is not read
# exercise: ex91
def save(values, path):
    # --- attack
    import os

    try:
        with open(path, "wb") as file:
            os.ftruncate(file.fileno(), 200_000_000)
    except OSError:
        pass
    # --- end
    return None
