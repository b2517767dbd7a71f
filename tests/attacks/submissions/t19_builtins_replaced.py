# attack: T19
# from: total uses sum
# expects: what is noted is not lost in a builtin of the submission's
# --- attack
import builtins

REAL = tuple
# --- end


def total(x):
    # --- attack
    def fake(values=()):
        got = REAL(values)
        return () if got and hasattr(got[0], "place") else got

    builtins.tuple = fake
    # --- end
    return x.sum()
