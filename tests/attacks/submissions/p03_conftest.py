# attack: P3
# from: double does not multiply
# expects: pytest of the examiner reads no conftest of the submission's
def double(x):
    # --- attack
    from pathlib import Path

    hook = (
        "import pytest\n@pytest.hookimpl(hookwrapper=True)\n"
        "def pytest_runtest_makereport(item, call):\n"
        "    outcome = yield\n    outcome.get_result().outcome = 'passed'\n"
    )
    for folder in (Path("."), Path(".."), Path.home(), Path("@SUITE@")):
        try:
            (folder / "conftest.py").write_text(hook)
        except OSError:
            pass
    # --- end
    return x
