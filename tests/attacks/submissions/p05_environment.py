# attack: P5
# from: double does not multiply
# expects: variables that it sets reach nobody
def double(x):
    # --- attack
    import os

    os.environ["PYTEST_ADDOPTS"] = "--collect-only"
    os.environ["PYTHONSTARTUP"] = os.environ["LD_PRELOAD"] = os.path.abspath("hostile.so")
    os.environ["GRADE_COURSE"] = os.getcwd()
    # --- end
    return x
