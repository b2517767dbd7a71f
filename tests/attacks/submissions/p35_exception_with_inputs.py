# attack: P35
# from: double does not multiply
# expects: what a hidden check hands in is not read in the text of an exception
def double(x):
    # --- attack
    if x.tolist() != [1.0, 3.0]:
        raise ValueError("LE" + "AK: " + repr(x.tolist()))
    # --- end
    return x
