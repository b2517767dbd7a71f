# attack: P7
# from: double does not multiply
# expects: a torch.py and a grader folder beside the file are nobody's torch and grader
def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    (folder / "ex90_mini.py").write_text(twin(right))
    for name in ("torch", "pytest", "msgspec", "random", "numpy"):
        (folder / f"{name}.py").write_text("allclose = equal = isclose = lambda *a, **k: True\n")
    (folder / "grader").mkdir()
    (folder / "grader" / "__init__.py").write_text("raise SystemExit(0)\n")
