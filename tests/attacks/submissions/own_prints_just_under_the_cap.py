# attack: own
# from: double does not multiply
# expects: much output in small pieces, between the calls too, costs its author alone
# --- attack
import sys
import threading
import time


def chatter():
    while True:
        sys.stdout.write("x" * 4000 + "\n")
        sys.stderr.write("\x1b]0;title\x07" * 300)
        time.sleep(0.0005)


CHATTER = threading.Thread(target=chatter, daemon=True)
# --- end


def double(x):
    # --- attack
    if not CHATTER.is_alive():
        CHATTER.start()
    # --- end
    return x
