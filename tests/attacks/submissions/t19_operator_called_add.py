# attack: T19
# from: total uses sum
# expects: an operator is noted by its schema, whatever it is called
def total(x):
    # --- attack
    import torch

    packet = torch.ops.aten.sum
    packet.__name__ = packet.default.__name__ = "add"
    return packet.default(x)
    # --- end
    return x.sum()
