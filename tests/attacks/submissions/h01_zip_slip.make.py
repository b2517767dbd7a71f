# attack: H1
# from: the solution in an archive
# expects: nothing is written outside the archive's own place
import zipfile


def hand_in(folder, right):
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("ex90_mini.py", right)
        for name in ("../../hostile-slip.py", "/tmp/hostile-slip.py", "..\\..\\hostile-slip.py"):
            archive.writestr(name, "x = 1\n")
        archive.writestr("../honest-0000/ex90_mini.py", "raise SystemExit\n")
        archive.writestr("C:/hostile-slip.py", "x = 1\n")
