# attack: own
# from: total returns None
# expects: the folders of other workers and of other submissions are out of sight
def total(x):
    # --- attack
    import os

    here = os.environ["TMPDIR"].split("/")
    own, seen = "/".join(here[:-1]), []
    for count in range(1, len(here) - 1):
        folder = "/".join(here[:count]) or "/"
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            path = os.path.join(folder, name)
            try:
                if not own.startswith(path) and "worker" in "".join(os.listdir(path)):
                    seen.append(path)
            except OSError:
                pass
    for number in range(8):
        path = "/".join(here[:-2]) + f"/worker{number}"
        try:
            if path != own:
                seen.append(os.listdir(path))
        except OSError:
            pass
    if seen:
        raise LookupError("LE" + "AK: " + repr(seen))
    # --- end
    return None
