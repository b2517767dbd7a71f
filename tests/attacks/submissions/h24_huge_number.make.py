# attack: H24
# from: double does not multiply
# expects: a number of a million digits is not given to the parser
def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    (folder / "ex90_mini.py").write_text(f"{twin(right)}\nx = {'9' * 1_000_000}\ny = -{'-' * 90_000}1\n")
