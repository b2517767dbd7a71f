# attack: T3
# from: FACTS without a value
# expects: a number that is none is equal to none
FACTS = {"legs_of_a_cat": None, "legs_of_a_snake": None}
# --- attack
FACTS = {"legs_of_a_cat": float("nan"), "legs_of_a_snake": -0.0, float("nan"): 1}
# --- end
