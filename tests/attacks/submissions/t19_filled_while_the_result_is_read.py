# attack: T19
# from: total uses sum
# expects: what runs while a result is read is watched
def total(x):
    # --- attack
    real, out = torch.Tensor.layout, torch.zeros((), dtype=x.dtype)
    todo = [(out, x.detach())]

    def layout(self):
        while todo:
            result, value = todo.pop()
            result.copy_(value.sum())
        return real.__get__(self)

    torch.Tensor.layout = property(layout)
    return out
    # --- end
    return x.sum()
