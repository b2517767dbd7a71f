# attack: H3
# from: the solution in an archive
# expects: one block that a thousand members share is not unpacked a thousand times
import io
import zipfile
import zlib
import struct


def hand_in(folder, right):
    body = b"#" * 2_000_000
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packed.compress(body) + packed.flush()
    crc, out, central = zlib.crc32(body), io.BytesIO(), b""
    name = b"x.py"
    out.write(struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(data), len(body), 4, 0))
    out.write(name + data)
    for _ in range(1000):
        central += struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 33, crc, len(data), len(body), 4,
            0, 0, 0, 0, 0, 0,
        ) + name
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1000, 1000, len(central), out.tell(), 0)
    (folder / "all.zip").write_bytes(out.getvalue() + central + end)
    (folder / "ex90_mini.py").write_text(right)
