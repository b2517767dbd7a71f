# attack: own
# from: double does not multiply
# expects: the name of a class may be anything, and is shown as harmless text
def double(x):
    # --- attack
    name = "\x1b]0;owned\x07\x1b[2J\u202e\r" + "A" * 100_000
    return type(name, (), {"__module__": "torch\x1b[31m\n::error::"})()
    # --- end
    return x
