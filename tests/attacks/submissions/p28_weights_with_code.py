# attack: P28
# from: save writes nothing
# expects: a file of tensors with code in it is refused where it is read
# exercise: ex91
def save(values, path):
    # --- attack
    import os
    import torch

    class Bomb(dict):
        def __reduce__(self):
            return os.system, ("touch hostile-weights",)

    torch.save(Bomb(values), path)
    # --- end
    return None
