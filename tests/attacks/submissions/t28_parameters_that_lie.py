# attack: T28
# from: Net has no bias
# expects: parameters are asked of torch, not of the network
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2, bias=False)

    # --- attack
    def named_parameters(self, *args, **kwargs):
        return iter([("fc.weight", self.fc.weight), ("fc.bias", torch.zeros(2))])

    def parameters(self, *args, **kwargs):
        return (value for _, value in self.named_parameters())

    def load_state_dict(self, state, *args, **kwargs):
        return super().load_state_dict(state, strict=False)

    def __call__(self, x):
        return self.forward(x)

    # --- end
    def forward(self, x):
        return self.fc(x)
