# attack: H4
# from: nothing
# expects: a pipe by the name of a submission is not waited for
import os
import socket


def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    os.mkfifo(folder / "ex90_mini.py")
    os.mkfifo(folder / "ex91_probes.ipynb")
    os.mkfifo(folder / "all.zip")
