# attack: own
# from: double does not multiply
# expects: text that UTF-8 cannot hold breaks no message
def double(x):
    # --- attack
    raise ValueError("\ud800\udfff\x00" * 1000)
    # --- end
    return x
