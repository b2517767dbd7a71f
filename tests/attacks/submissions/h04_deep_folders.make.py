# attack: H4
# from: the solution
# expects: folders within folders come to an end, and a link in a circle too
def hand_in(folder, right):
    deep = folder
    for _ in range(120):
        deep /= "d"
    deep.mkdir(parents=True)
    (deep / "back").symlink_to(folder)
    (folder / "ex90_mini.py").write_text(right)
