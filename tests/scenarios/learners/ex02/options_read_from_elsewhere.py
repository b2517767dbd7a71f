import json

import torch
import torch.nn.functional as F

# 每一行: 名字, 步长, 填充
rows = json.loads('[["s1", 1, 0], ["s2", 2, 0], ["p1", 1, 1]]')
image = torch.tensor([[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1], [2, 1, 0, 1, 1]])
kernel = torch.tensor([[1, 2, 1], [0, 1, 0], [2, 1, 0]])
image = image.reshape(1, 1, 5, 5)
kernel = kernel.reshape(1, 1, 3, 3)
for name, stride, padding in rows:
    print(name, F.conv2d(image, kernel, stride=stride, padding=padding))
