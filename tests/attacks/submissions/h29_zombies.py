# attack: H29
# from: total returns None
# expects: a process that can hardly be ended does not block the next
def total(x):
    # --- attack
    import os
    import threading

    def hold():
        while True:
            try:
                os.read(os.pipe()[0], 1)
            except OSError:
                pass

    for _ in range(30):
        threading.Thread(target=hold).start()
    threading.Event().wait()
    # --- end
    return None
