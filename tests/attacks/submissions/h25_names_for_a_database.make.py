# attack: H25
# from: the solution
# expects: a name is a name, in a journal and in a path
def hand_in(folder, right):
    inner = folder / "'; DROP TABLE results; --"
    inner.mkdir()
    (inner / "ex90_mini.py").write_text(right)
