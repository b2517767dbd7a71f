# attack: H24
# from: double does not multiply
# expects: brackets without end are not given to the parser
def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    (folder / "ex90_mini.py").write_text(f"{twin(right)}\nx = {'(' * 500_000}\n")
