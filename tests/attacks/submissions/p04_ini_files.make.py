# attack: P4
# from: double does not multiply
# expects: a pytest.ini, a conftest and a pyproject beside the file are not read
def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    (folder / "ex90_mini.py").write_text(twin(right))
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only -p hostile\n")
    (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '-p hostile'\n")
    (folder / "conftest.py").write_text("raise SystemExit(0)\n")
    (folder / "hostile.py").write_text("raise SystemExit(0)\n")
