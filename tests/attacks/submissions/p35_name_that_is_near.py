# attack: P35
# from: Small calls its layer by another name
# expects: a hint about a name that is near carries no input out
# exercise: ex91
class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Conv2d(1, 2, kernel_size=3)

    # --- attack
    def __getattr__(self, name):
        if name == "conv":
            object.__getattribute__(self, "__dict__")["conv_LE" + "AK"] = 1
            raise AttributeError(name)
        return super().__getattr__(name)

    # --- end
    def forward(self, x):
        return self.layer(x)
