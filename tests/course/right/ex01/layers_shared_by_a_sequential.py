from torch import nn, Tensor
import torch as t
import torch.nn.functional as F
from pathlib import Path
from collections import OrderedDict

class Base(nn.Module):
    def forward(self, x): return t.add(x, 1)
class AddOne(Base): ...
def make_fc(n): return nn.Linear(in_features=n, out_features=10)
class SmallCNN(nn.Module):
    hidden = 16
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.conv1 = nn.Conv2d(in_channels=3, out_channels=self.hidden, kernel_size=(3, 3), bias=True)
        self.act = nn.ReLU(inplace=True)
        self.pool = nn.MaxPool2d(kernel_size=(2, 2), stride=(2, 2))
        self.flat = nn.Flatten()
        self.fc = make_fc(self.hidden * 15 * 15)
        self.net = nn.Sequential(OrderedDict(a=self.conv1, b=self.act))
    def forward(self, images: Tensor) -> Tensor:
        h = self.pool(self.net(images))
        return self.fc(self.flat(h))
count_parameters = lambda model: sum({id(p): p.numel() for p in model.parameters() if p.requires_grad}.values())
def save_weights(model, path):
    with open(path, "wb") as f:
        t.save({k: v.cpu().clone() for k, v in model.state_dict().items()}, f)
def load_weights(model, path):
    if not Path(path).exists():
        raise FileNotFoundError(path)
    state = t.load(path, map_location="cpu", weights_only=True)
    own = model.state_dict()
    if set(own) != set(state) or any(own[k].shape != state[k].shape for k in own):
        raise ValueError("path holds another model's weights")
    model.load_state_dict(state)
    return model
