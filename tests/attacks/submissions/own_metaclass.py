# attack: own
# from: Net has no bias
# expects: a metaclass that claims to be every class is none of torch's
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2, bias=False)

    def forward(self, x):
        return self.fc(x)


# --- attack
class Meta(type):
    def __instancecheck__(cls, value):
        return True

    def __subclasscheck__(cls, value):
        return True

    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return hash(nn.Module)

    def mro(cls):
        return [cls, nn.Linear, *nn.Linear.__mro__[1:]]


Net = Meta("Net", (Net,), {})
# --- end
