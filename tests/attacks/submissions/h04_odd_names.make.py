# attack: H4
# from: the solution
# expects: names with controls, of other writing directions and of great length harm nobody
import os


def hand_in(folder, right):
    (folder / "ex90_mini.py").write_text(right)
    for name in (
        "\x1b[2J\x1b]0;owned\x07.py", "a\nb.py", "\u202ecod.yp.py", "x" * 240 + ".py", "=1+1.py",
        "-rf", "--out", "$(touch hostile).py", "%s%n.py", "con.py",
    ):
        (folder / name).write_text("x = 1\n")
    with open(os.fsencode(folder) + b"/\xff\xfe.py", "w") as file:
        file.write("x = 1\n")
