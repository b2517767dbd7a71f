# attack: T8
# from: double multiplies its input in place
# expects: the copy of the input is out of reach of a search for tensors
def double(x):
    # --- attack
    copies = []
    import inspect

    frame = inspect.currentframe().f_back
    while frame:
        if "before" in frame.f_locals:
            copies.append(frame.f_locals["before"])
        frame = frame.f_back
    # --- end
    x.data.mul_(2)
    # --- attack
    for before in copies:
        before.clear()
    # --- end
    return x
