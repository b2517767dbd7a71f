# attack: T2
# from: double does not multiply
# expects: methods of one tensor's own are not called
def double(x):
    # --- attack
    y = x.clone()
    y.detach = y.cpu = y.contiguous = y.numpy = y.double = lambda *a: 2 * x
    return y
    # --- end
    return x
