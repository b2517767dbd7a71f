import torch
from torch import nn

x = torch.tensor([0.1, 0.2, 0.3])
y = torch.tensor([3])
x = torch.reshape(x, (1, 3))
cross = nn.CrossEntropyLoss()
print(cross(x, y))
