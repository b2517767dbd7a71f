from torch import nn


class Plus1(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        return x + 1


if __name__ == "__main__":
    plus = Plus1()
    x = torch.tensor(1.0)
    print(plus(x))
