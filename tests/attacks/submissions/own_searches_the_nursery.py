# attack: own
# from: double does not multiply
# expects: what the process that forks has in memory names no other submission and no solution
def double(x):
    # --- attack
    import gc
    import os
    import sys

    found = []
    own = os.path.dirname(os.environ["HOME"])
    for each in gc.get_objects():
        if type(each).__name__ in ("Policy", "ForkWorker", "Job", "Load", "CellSource", "Submission"):
            # Its own folder stands in its environment too.
            text = repr(each).replace(own, "")
            if "/tmp/" in text or "MARK-OF-A-" + "NEIGHBOUR" in text:
                found.append(text)
    for each in list(sys.modules.values()):
        for name, value in list(vars(each).items()):
            if type(value) is str and ("MARK-OF-A-" + "SOLUTION" in value or "ex91_" in value):
                found.append(value)
    if found:
        raise ValueError("LE" + "AK" + repr(found))
    # --- end
    return x
