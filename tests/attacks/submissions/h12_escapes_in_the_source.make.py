# attack: H12
# from: double does not multiply
# expects: names and lines of a file are shown without what a terminal obeys
def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    odd = "\u202eSECRET = 1\nx = '\x1b]0;owned\x07\x1b[2J'\nprint(x)  # \u2066ALL PASSED\u2069\r100 / 100\n"
    (folder / "ex90_mini.py").write_text(f"{twin(right)}\n{odd}", newline="")
