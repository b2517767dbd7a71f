# attack: P2
# from: double does not multiply
# expects: SystemExit, KeyboardInterrupt and GeneratorExit end nothing but the call
def double(x):
    # --- attack
    import random

    raise random.choice([SystemExit(0), KeyboardInterrupt(), GeneratorExit()])
    # --- end
    return x
