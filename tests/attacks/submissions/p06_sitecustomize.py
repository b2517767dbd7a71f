# attack: P6
# from: double does not multiply
# expects: the interpreter's folders cannot be written to
def double(x):
    # --- attack
    import site
    import sys

    for folder in (*site.getsitepackages(), site.getusersitepackages(), *sys.path):
        for name in ("sitecustomize.py", "hostile.pth"):
            try:
                with open(f"{folder}/{name}", "w") as file:
                    file.write("import os\n")
            except OSError:
                pass
    # --- end
    return x
