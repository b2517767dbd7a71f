# attack: H23
# from: nothing
# expects: JSON that is nested without end is refused
def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    (folder / "ex90_mini.ipynb").write_text('{"cells": ' + "[" * 1_000_000)
    (folder / "ex91_probes.ipynb").write_bytes(b'{"cells": [{"source": NaN, "x": "\xff\xfe"}]}')
