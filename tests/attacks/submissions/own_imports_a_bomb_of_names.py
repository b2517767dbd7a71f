# attack: own
# from: double does not multiply
# expects: ten thousand names cost no more than some
# --- attack
NAMES = [globals().__setitem__(f"name{number}", number) for number in range(100_000)]
# --- end


def double(x):
    # --- attack
    NAMES
    # --- end
    return x
