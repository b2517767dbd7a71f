import torch as t
from torch.nn.functional import conv2d as c

a = t.tensor([[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1], [2, 1, 0, 1, 1]])
b = t.tensor([[1, 2, 1], [0, 1, 0], [2, 1, 0]])
a, b = a.view(1, 1, 5, 5), b.view(1, 1, 3, 3)
for s, p in (1, 0), (2, 0), (1, 1):
    print(c(a, b, stride=s, padding=p))
