# attack: P25
# from: double does not multiply
# expects: an exception by the name of pytest's own is an exception of the student's
def double(x):
    # --- attack
    class Skipped(BaseException):
        pass

    Skipped.__module__ = "_pytest.outcomes"
    Skipped.__qualname__ = "skip.Exception"
    try:
        import pytest
    except ImportError:
        raise Skipped("no") from None
    pytest.skip("no", allow_module_level=True)
    # --- end
    return x
