import torch
from torch import nn

class Mini(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x)

m = Mini()
torch.save(m.state_dict(), "mini.pth")

model = Mini()
model = model.load_state_dict(torch.load("mini.pth"))
print(model(torch.rand(1, 4)))
