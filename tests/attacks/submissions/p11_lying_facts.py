# attack: P11
# from: FACTS without a value
# expects: a subclass of int or of dict is not asked what it is equal to
FACTS = {"legs_of_a_cat": None, "legs_of_a_snake": None}


# --- attack
class Sly(int):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


class Facts(dict):
    def __getitem__(self, key):
        return Sly(4)

    def __contains__(self, key):
        return True

    def items(self):
        return [("legs_of_a_cat", Sly(1)), ("legs_of_a_snake", Sly(1))]


FACTS = Facts(FACTS)
# --- end
