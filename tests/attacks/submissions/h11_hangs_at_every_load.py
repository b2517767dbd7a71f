# attack: H11
# from: double does not multiply
# expects: a file that idles while it is loaded is given up
# --- attack
import time

IDLE = time.sleep(60)
# --- end


def double(x):
    # --- attack
    IDLE
    # --- end
    return x
