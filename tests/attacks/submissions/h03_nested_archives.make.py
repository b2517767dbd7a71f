# attack: H3
# from: the solution in an archive
# expects: archives within archives come to an end
import io
import zipfile


def hand_in(folder, right):
    data = b""
    for level in range(40):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"ex90_mini.py" if level == 39 else f"x{level}.py", right)
            if data:
                archive.writestr("inner.zip", data)
                archive.writestr("again.zip", data if level < 8 else b"")
        data = packed.getvalue()
    (folder / "all.zip").write_bytes(data)
