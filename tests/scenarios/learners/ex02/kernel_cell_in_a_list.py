import torch
import torch.nn.functional as F

# 原图
yuan = [[1, 2, 0, 3, 1],
        [0, 1, 2, 3, 1],
        [1, 2, 1, 0, 0],
        [5, 2, 3, 1, 1],
        [2, 1, 0, 1, 1]]
he = [[1, 2, 1],
      [0, 1, 0],
      [2, 1, 1]]
yuan = torch.tensor(yuan)
he = torch.tensor(he)
yuan = torch.reshape(yuan, (1, 1, 5, 5))
he = torch.reshape(he, (1, 1, 3, 3))
print(F.conv2d(yuan, he, stride=1))
print(F.conv2d(yuan, he, stride=2))
print(F.conv2d(yuan, he, stride=1, padding=1))
