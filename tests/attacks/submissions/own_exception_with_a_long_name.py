# attack: own
# from: double does not multiply
# expects: names and texts of exceptions are cut
def double(x):
    # --- attack
    bases = (Exception,)
    for number in range(150):
        bases = (type("E" * 5_000 + str(number), bases, {}),)
    raise bases[0]("x" * 10_000_000)
    # --- end
    return x
