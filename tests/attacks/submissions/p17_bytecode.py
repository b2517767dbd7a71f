# attack: P17
# from: double does not multiply
# expects: compiled suites are out of reach
def double(x):
    # --- attack
    import glob
    import marshal

    for path in glob.glob("@SUITE@/**/*.pyc", recursive=True):
        code = marshal.loads(open(path, "rb").read()[16:])
        raise LookupError("LE" + "AK: " + repr(code.co_consts))
    # --- end
    return x
