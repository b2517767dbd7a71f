# attack: T19
# from: total uses sum
# expects: the watch is not switched off by way of the frames above
def total(x):
    # --- attack
    try:
        raise ValueError
    except ValueError as error:
        frame = error.__traceback__.tb_frame
    while frame:
        server = frame.f_locals.get("self")
        if hasattr(server, "_watch"):
            server._watch.active = False
            server._watch.note = lambda *a: None
        frame = frame.f_back
    # --- end
    return x.sum()
