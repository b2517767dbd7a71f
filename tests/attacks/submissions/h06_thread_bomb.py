# attack: H6
# from: total returns None
# expects: threads come to an end, and take none from the neighbours
def total(x):
    # --- attack
    import threading
    import time

    for _ in range(5_000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    # --- end
    return None
