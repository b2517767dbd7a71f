# attack: P35
# from: double does not multiply
# expects: a line that the file does not have is not named
def double(x):
    # --- attack
    if x.tolist() != [1.0, 3.0]:
        secret = 1_000_000 + abs(int(x.flatten()[0] * 1000))
        exec(compile("\n" * secret + "raise ValueError", "<submission>", "exec"))
    # --- end
    return x
