import torch
import torch.nn as nn

shuchu = torch.tensor([[0.1, 0.2, 0.3]])
mubiao = torch.tensor([1.0])
print(nn.CrossEntropyLoss()(shuchu, mubiao))
