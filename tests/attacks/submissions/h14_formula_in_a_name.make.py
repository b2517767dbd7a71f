# attack: H14
# from: the solution
# expects: nothing of a submission's begins a cell with a sign of a formula's
def hand_in(folder, right):
    (folder / "=HYPERLINK(1)").mkdir()
    (folder / "=HYPERLINK(1)" / "ex90_mini.py").write_text(right)
    (folder / "@SUM(A1)").mkdir()
    (folder / "+cmd|' C calc'!A0").mkdir()
