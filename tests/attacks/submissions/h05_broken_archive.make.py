# attack: H5
# from: nothing
# expects: a broken archive is its owner's matter only
def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    (folder / "all.zip").write_bytes(b"PK\3\4" + bytes(range(256)) * 20)
    (folder / "more.tar.gz").write_bytes(b"\x1f\x8b\x08\0" + b"\xff" * 500)
    (folder / "some.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + b"\0" * 100)
