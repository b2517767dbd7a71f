# attack: H24
# from: nothing
# expects: bytes of no encoding, and encodings that do more than decode, are not run
def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    text = b"# -*- coding: zlib_codec -*-\n" + bytes(range(256)) * 50
    (folder / "ex90_mini.py").write_bytes(text)
