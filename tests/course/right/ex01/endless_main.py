from torch import nn, load, save
import torch, time


class AddOne(nn.Module):
    def forward(self, x):
        print("AddOne got", x.shape)
        return 1 + x


class SmallCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential()
        self.conv1 = nn.Conv2d(3, 16, 3)
        self.pool = nn.MaxPool2d(2, 2)
        self.act = nn.ReLU(inplace=True)
        self.fc = nn.Linear(3600, 10)

    def forward(self, x):
        print("in ", x.shape)
        x = self.act(self.pool(self.conv1(x)))
        print("pooled ", x.shape)
        x = torch.flatten(x, start_dim=1)
        return self.fc(x)


class WeightsDoNotFit(ValueError):
    pass


def count_parameters(model):
    import math

    def size(p):
        return math.prod(p.shape)

    return sum(size(p) for p in model.parameters() if p.requires_grad is True)


def save_weights(model, path):
    with open(path, "wb") as file:
        save(model.state_dict(), file)


def load_weights(model, path):
    with open(path, "rb") as file:
        state = load(file, weights_only=True)
    try:
        model.load_state_dict(state)
    except Exception as error:
        raise WeightsDoNotFit(str(error))
    return model


if __name__ == "__main__":
    while True:
        print(SmallCNN()(torch.rand(2, 3, 32, 32)))
        time.sleep(1)
