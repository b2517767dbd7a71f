# attack: own
# from: double does not multiply
# expects: encoders that were made before it came are used, and others change nothing
def double(x):
    # --- attack
    import struct

    import msgspec

    msgspec.msgpack.Encoder = msgspec.msgpack.encode = lambda *a, **k: b"\xc0"
    msgspec.structs.replace = struct.pack = lambda *a, **k: b""
    # --- end
    return x
