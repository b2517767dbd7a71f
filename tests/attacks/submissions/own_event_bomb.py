# attack: own
# from: log writes nothing
# expects: event files that claim to be huge, or never end, cost their check
# exercise: ex91
def log(picture, folder):
    # --- attack
    import os
    import struct

    with open(f"{folder}/events.out.tfevents.1.hostile", "wb") as file:
        file.write(struct.pack("<Q", 2**40) + b"\0" * 4)
        file.write(b"\xff" * 1_000_000)
    os.mkfifo(f"{folder}/events.out.tfevents.2.hostile")
    # --- end
    return None
