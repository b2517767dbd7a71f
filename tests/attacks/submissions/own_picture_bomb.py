# attack: own
# from: log writes nothing
# expects: a picture that unpacks to gigabytes is refused or costs its check
# exercise: ex91
def log(picture, folder):
    # --- attack
    import struct
    import zlib

    from tensorboard.compat.proto.summary_pb2 import Summary
    from torch.utils.tensorboard import SummaryWriter

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    side = 13_000
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    png += chunk(b"IDAT", zlib.compress(bytes(10_000_000), 9)) + chunk(b"IEND", b"")
    image = Summary.Image(height=4, width=4, colorspace=3, encoded_image_string=png)
    with SummaryWriter(folder) as writer:
        value = Summary.Value(tag="picture", image=image)
        writer.file_writer.add_summary(Summary(value=[value]), 0)
    # --- end
    return None
