# attack: T28
# from: Net has no bias
# expects: what torch's own functions ask of a network is not asked of the student's
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2, bias=False)

    # --- attack
    def _named_members(self, *args, **kwargs):
        yield "fc.weight", self.fc.weight
        yield "fc.bias", torch.zeros(2)

    def load_state_dict(self, state, *args, **kwargs):
        self.b = state["fc.bias"]
        return super().load_state_dict(state, strict=False)

    # --- end
    def forward(self, x):
        return self.fc(x) + getattr(self, "b", 0)
