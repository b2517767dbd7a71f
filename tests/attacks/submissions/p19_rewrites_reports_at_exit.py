# attack: P19
# from: double does not multiply
# expects: what runs at exit finds no report
def double(x):
    # --- attack
    import atexit
    import threading

    def forge():
        for path in ("@OUT@/gradebook.csv", "@OUT@/journal.sqlite", "@OUT@/class.json"):
            try:
                open(path, "w").write("hostile,100\n")
            except OSError:
                pass

    atexit.register(forge)
    threading._register_atexit(forge)
    forge()
    # --- end
    return x
