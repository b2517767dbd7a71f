import torch
import torch.nn.functional as F

# 三种情况放在一个循环里
img = torch.tensor([[1, 2, 0, 3, 1],
                    [0, 1, 2, 3, 1],
                    [1, 2, 1, 0, 0],
                    [5, 2, 3, 1, 1],
                    [2, 1, 0, 1, 1]])
k = torch.tensor([[1, 2, 1],
                  [0, 1, 0],
                  [2, 1, 0]])
img = img.reshape(1, 1, 5, 5)
k = k.reshape(1, 1, 3, 3)

for stride, padding in [(1, 0), (2, 0), (1, 1)]:
    print(stride, padding)
    print(F.conv2d(img, k, stride=stride, padding=padding))
