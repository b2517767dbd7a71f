# attack: P35
# from: double is not written
# expects: the text of a hole is not shown for a hidden check
def double(x):
    # --- attack
    if x.tolist() != [1.0, 3.0]:
        raise NotImplementedError("TODO: LE" + "AK: " + repr(x.tolist()))
    # --- end
    return x
