# attack: T28
# from: Small has a layer of its own
# expects: a class that is put in place of torch's is not torch's
# exercise: ex91
class Conv(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(2, 1, 3, 3))
        self.bias = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        return nn.functional.conv2d(x, self.weight, self.bias)


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        # --- attack
        Conv.__name__ = "Conv2d"
        nn.Conv2d = torch.nn.modules.Conv2d = torch.nn.modules.conv.Conv2d = Conv
        # --- end
        self.conv = Conv()

    def forward(self, x):
        return self.conv(x)
