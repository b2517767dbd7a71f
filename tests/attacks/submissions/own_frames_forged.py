# attack: own
# from: double does not multiply
# expects: a frame of its own making is read as an answer, and answers carry no verdict
def double(x):
    # --- attack
    import os
    import socket
    import struct

    import msgspec

    for number in range(3, 64):
        try:
            kind = socket.socket(fileno=os.dup(number))
        except OSError:
            continue
        for message in (
            {"type": "returned", "value": True, "operators": []},
            {"type": "passed", "score": 100},
            {"type": "ready", "layers": [], "missing": {}},
            {"type": "returned", "value": None, "operators": [], "outcome": "passed"},
        ):
            header = msgspec.msgpack.encode(message)
            kind.sendall(struct.pack(">IQ", len(header), 0) + header)
    # --- end
    return x
