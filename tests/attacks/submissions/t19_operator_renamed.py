# attack: T19
# from: total uses sum
# expects: an operator is noted by its schema, whatever its object says of itself
def total(x):
    # --- attack
    import torch

    packet = torch.ops.aten.sum
    packet.__name__ = packet.default.__name__ = packet.default._schema = "add"
    packet.default._schema = torch.ops.aten.add.Tensor._schema
    return packet.default(x)
    # --- end
    return x.sum()
