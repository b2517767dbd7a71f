# attack: P35
# from: pooled_size returns what it is given
# expects: what hidden checks handed in is gone before a visible check says anything
# exercise: ex91
# --- attack
KEPT = []
# --- end


def pooled_size(size):
    # --- attack
    KEPT.append(size)
    if len(KEPT) > 1 or size != 6:
        raise ValueError("LE" + "AK: " + repr(KEPT))
    # --- end
    return size


def pool(x):
    # --- attack
    if x.tolist() != [1.0, 2.0, 4.0, 3.0]:
        KEPT.append(x.tolist())
    elif KEPT:
        raise ValueError("LE" + "AK: " + repr(KEPT))
    # --- end
    return x
