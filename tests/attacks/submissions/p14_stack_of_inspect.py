# attack: P14
# from: double does not multiply
# expects: what is overwritten in frames above changes no score
def double(x):
    # --- attack
    import inspect

    for info in inspect.stack()[1:]:
        for name in ("expected", "score", "outcome", "passed", "verdict", "response"):
            info.frame.f_globals[name] = True
    # --- end
    return x
