# attack: T28
# from: Small has a layer of its own
# expects: what an object says of its class is not what it is
# exercise: ex91
class Conv(nn.Module):
    # --- attack
    __class__ = property(lambda self: nn.Conv2d)

    # --- end
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(2, 1, 3, 3))
        self.bias = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        return nn.functional.conv2d(x, self.weight, self.bias)


# --- attack
Conv.__name__ = Conv.__qualname__ = "Conv2d"
Conv.__module__ = "torch.nn.modules.conv"
# --- end


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = Conv()

    def forward(self, x):
        return self.conv(x)
