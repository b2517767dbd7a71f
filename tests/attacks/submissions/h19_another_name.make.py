# attack: H19
# from: double does not multiply
# expects: who hands in is said by the folder, not by what is in it
import json


def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    text = f"# student: honest-0000\n__author__ = 'honest-0000'\n{twin(right)}"
    (folder / "ex90_mini.py").write_text(text)
    (folder / "metadata.json").write_text(json.dumps({"student_id": "honest-0000", "score": 100}))
    (folder / "honest-0000").mkdir()
    (folder / "honest-0000" / "notes.txt").write_text("mine")
