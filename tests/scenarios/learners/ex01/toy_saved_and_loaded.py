import torch
from torch import nn


class Toy(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        return self.fc(x)


toy = Toy()
torch.save(toy.state_dict(), "toy.pth")

toy2 = Toy()
toy2.load_state_dict(torch.load("toy.pth"))
toy2.eval()
x = torch.ones(1, 8)
print(toy(x), toy2(x))
