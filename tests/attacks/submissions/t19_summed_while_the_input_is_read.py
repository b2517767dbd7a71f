# attack: T19
# from: total uses sum
# expects: what runs while a value is read is watched
# --- attack
SUMS = []


def hooked(real):
    def read(*values, **named):
        tensor = real(*values, **named)
        SUMS.append(tensor.sum())
        return tensor

    return read


torch.frombuffer = hooked(torch.frombuffer)
# --- end


def total(x):
    # --- attack
    return SUMS[-1]
    # --- end
    return x.sum()
