# attack: T26
# from: FACTS without a value
# expects: numbers that overflow are wrong like any others
FACTS = {"legs_of_a_cat": None, "legs_of_a_snake": None}
# --- attack
FACTS = {"legs_of_a_cat": 10**6000, "legs_of_a_snake": -(10**6000)}
# --- end
