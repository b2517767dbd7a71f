try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError as e:
    print("没有安装 torch", e)
    raise

try:
    class AddOne(nn.Module):
        def __init__(self):
            nn.Module.__init__(self)

        def forward(self, x):
            return x.add(1)
except Exception as e:
    print("模型运行出错", e)

if True:
    class SmallCNN(nn.Module):
        """30 by 30 after the convolution, 15 by 15 after the pooling."""

        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 16, 3)
            self.pool = nn.MaxPool2d(2, stride=2)
            self.fc = nn.Linear(16 * 15 ** 2, 10)

        def forward(self, x):
            for step in (self.conv1, F.relu, self.pool, lambda t: t.reshape(len(t), -1), self.fc):
                x = step(x)
            return x


def count_parameters(model):
    seen = set()
    total = 0
    for layer in model.modules():
        for p in layer.parameters():
            if id(p) not in seen and p.requires_grad:
                seen.add(id(p))
                total += p.nelement()
    return total


def save_weights(model, path):
    torch.save(model.state_dict(), path, _use_new_zipfile_serialization=True)


def load_weights(model, path):
    import os
    if not os.path.isfile(path):
        raise FileNotFoundError(f"no such file: {path}")
    try:
        result = model.load_state_dict(torch.load(path, weights_only=True, map_location="cpu"))
        print(result)
    except (RuntimeError, KeyError) as e:
        raise ValueError(e)
    else:
        return model
