# attack: T7
# from: double does not multiply
# expects: sparse, meta, quantised, nested and complex tensors are no answer
def double(x):
    # --- attack
    import torch

    if x.shape == (3, 4):
        return (3 * x).to("meta")
    if x.dim() == 1 and len(x) == 3:
        return torch.nested.nested_tensor([x, x])
    return (3 * x).to_sparse()
    # --- end
    return x
