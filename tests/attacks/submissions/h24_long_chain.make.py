# attack: H24
# from: double does not multiply
# expects: an expression of a hundred thousand terms crashes nothing
def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    chain = "x" + ".x" * 90_000 + "\n" + "y = 1" + " + 1" * 90_000 + "\n"
    elses = "if x: pass\n" + "elif x: pass\n" * 20_000
    (folder / "ex90_mini.py").write_text(f"{twin(right)}\n{chain}{elses}")
