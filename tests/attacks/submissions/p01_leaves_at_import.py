# attack: P1
# from: double does not multiply
# expects: leaving while the file is loaded earns nothing and costs only what was left out
# --- attack
import sys

LEFT = sys.exit(0)
# --- end


def double(x):
    # --- attack
    LEFT
    # --- end
    return x
