# attack: T6
# from: double does not multiply
# expects: a size that is only claimed is refused before anything is copied
def double(x):
    # --- attack
    return x.reshape(-1)[:1].expand(10**12)
    # --- end
    return x
