# attack: T25
# from: double does not multiply
# expects: caches that it fills are its own
def double(x):
    # --- attack
    import os
    import tempfile

    for folder in {
        tempfile.gettempdir(), os.environ["TORCHINDUCTOR_CACHE_DIR"], "/tmp/torchinductor_root",
        os.path.expanduser("~/.cache/torch"),
    }:
        try:
            os.makedirs(folder, exist_ok=True)
            open(f"{folder}/hostile-cache", "w").write("x")
        except OSError:
            pass
    # --- end
    return x
