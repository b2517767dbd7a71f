# attack: H20
# from: the solution
# expects: times of files, however odd, are no times of handing in
import os


def hand_in(folder, right):
    path = folder / "ex90_mini.py"
    path.write_text(right)
    os.utime(path, (-(2**31), 2**34))
    (folder / "timestamp.txt").write_text("1970-01-01 00:00:00")
