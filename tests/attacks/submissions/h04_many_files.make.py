# attack: H4
# from: the solution
# expects: thousands of files beside it take no time
def hand_in(folder, right):
    (folder / "ex90_mini.py").write_text(right)
    for number in range(3_000):
        (folder / f"{number}.py").touch()
