# attack: P35
# from: double does not multiply
# expects: a cell that the file does not have tells nothing of a hidden input
def double(x):
    # --- attack
    secret = 1000 + abs(int(x.flatten()[0] * 1000)) % 99_000
    name = f"LEAK{secret}"
    code = compile("raise ValueError", f"<submission>[cell {secret}]", "exec")
    exec(code.replace(co_name=name, co_qualname=name))
    # --- end
    return x
