# attack: own
# from: double does not multiply
# expects: modules that it puts in place of the grader's and of torch's serve nobody
def double(x):
    # --- attack
    import sys
    import types

    fake = types.ModuleType("fake")
    fake.__getattr__ = lambda name: lambda *a, **k: True
    for name in ("torch", "msgspec", "grader", "grader.worker", "grader.worker.probes", "submission"):
        sys.modules[name] = fake
    # --- end
    return x
