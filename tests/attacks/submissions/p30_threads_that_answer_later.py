# attack: P30
# from: double does not multiply
# expects: what a thread writes into a result after the call changes nothing that counts
def double(x):
    # --- attack
    import threading
    import time

    result = x.clone()

    def work():
        time.sleep(0.05)
        result.mul_(2)

    threading.Thread(target=work, daemon=True).start()
    return result
    # --- end
    return x
