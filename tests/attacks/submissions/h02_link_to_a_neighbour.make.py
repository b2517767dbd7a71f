# attack: H2
# from: nothing
# expects: a link to another student's file is not read
def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    (folder / "ex90_mini.py").symlink_to(folder.parent / "honest-0000" / "ex90_mini.py")
