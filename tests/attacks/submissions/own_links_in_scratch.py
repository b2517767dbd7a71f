# attack: own
# from: double does not multiply
# expects: links that it leaves are not followed when its folder is removed
def double(x):
    # --- attack
    import os

    for number, target in enumerate(("@HOME@", "@HANDED_IN@", "@OUT@", "/", "/proc/self/root")):
        for place in (".", "..", "../..", os.path.expanduser("~"), os.environ["TMPDIR"]):
            try:
                os.symlink(target, f"{place}/hostile-{number}")
            except OSError:
                pass
    try:
        os.mkfifo("hostile-pipe")
        os.mkfifo(os.environ["TMPDIR"] + "/hostile-pipe")
    except OSError:
        pass
    # --- end
    return x
