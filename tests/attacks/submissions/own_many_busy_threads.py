# attack: own
# from: total returns None
# expects: threads that compute outside the interpreter's lock starve no neighbour
def total(x):
    # --- attack
    import threading

    import torch

    work = torch.ones(300, 300)

    def burn():
        while True:
            torch.mm(work, work)

    for _ in range(200):
        threading.Thread(target=burn, daemon=True).start()
    # --- end
    return None
