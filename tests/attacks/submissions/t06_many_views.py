# attack: T6
# from: total returns None
# expects: a list of views that are small each and huge together is refused
def total(x):
    # --- attack
    big = x.new_zeros(1_000_000)
    return [big[index:] for index in range(90_000)]
    # --- end
    return None
