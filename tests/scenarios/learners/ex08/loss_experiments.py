import torch
from torch import nn
from torch.nn import CrossEntropyLoss, L1Loss

inputs = torch.tensor([1, 2, 3], dtype=torch.float32)
targets = torch.tensor([1, 2, 5], dtype=torch.float32)
loss = L1Loss(reduction="sum")
print(loss(inputs, targets))

x = torch.tensor([0.1, 0.8, 0.1])
y = torch.tensor(1.0)
x = torch.reshape(x, (1, 3))
loss_cross = CrossEntropyLoss()
result_cross = loss_cross(x, y)
print(result_cross)


class Tudui(nn.Module):
    def __init__(self):
        super(Tudui, self).__init__()
        self.model = nn.Sequential(
            nn.Conv2d(3, 32, 5, 1, 2),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 5, 1, 2),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, 1, 2),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(64 * 4 * 4, 64),
            nn.Linear(64, 10),
        )

    def forward(self, x):
        x = self.model(x)
        return x


tudui = Tudui()
imgs = torch.rand(4, 3, 32, 32)
labels = torch.tensor([1, 2, 3, 4])
result_loss = nn.CrossEntropyLoss(tudui(imgs), labels)
print(result_loss)
