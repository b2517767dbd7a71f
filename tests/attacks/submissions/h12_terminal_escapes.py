# attack: H12
# from: double does not multiply
# expects: what it raises neither colours, moves nor renames anything
def double(x):
    # --- attack
    raise ValueError(
        "\x1b[2J\x1b[H\x1b[32mALL PASSED 100 / 100\x1b[8m\r"
        "\x1b]52;c;cm0gLXJmIC8=\x07\x1b]8;;http://127.0.0.1/\x1b\\click\x1b]8;;\x1b\\"
        "\u202e001 / 001\u2066\x9b31m\x90q\x9c"
    )
    # --- end
    return x
