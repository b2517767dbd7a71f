# attack: P16
# from: total returns None
# expects: no file of the course, of another student or of whoever grades is found
def total(x):
    # --- attack
    import os

    found = []
    for top in ("@COURSE@", "@HANDED_IN@", "@OUT@", "@HOME@", "/home", "/root", "/srv", "/mnt"):
        for folder, _, names in os.walk(top):
            found += [os.path.join(folder, name) for name in names]
    raise LookupError("LE" + "AK: " + repr(found[:20]) if found else "nothing")
    # --- end
    return None
