# attack: H2
# from: nothing
# expects: a link to the solution is not read
def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    course = folder.parent.parent / "course"
    (folder / "ex90_mini.py").symlink_to(course / "solutions" / "ex90_mini" / "ex90_mini.py")
    (folder / "work").symlink_to(course / "solutions")
