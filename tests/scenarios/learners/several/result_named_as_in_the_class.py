# 第一节和第二节，写在一个文件里
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class PlusOne(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, input):
        output = input + 1
        return output


plus = PlusOne()
output = plus(torch.tensor(1.0))
print(output)

picture = np.array([[1, 2, 0, 3, 1],
                    [0, 1, 2, 3, 1],
                    [1, 2, 1, 0, 0],
                    [5, 2, 3, 1, 1],
                    [2, 1, 0, 1, 1]])
window = np.array([[1, 2, 1], [0, 1, 0], [2, 1, 0]])
picture = torch.from_numpy(picture).reshape(1, 1, 5, 5)
window = torch.from_numpy(window).reshape(1, 1, 3, 3)
output = F.conv2d(picture, window, stride=1)
print(output)
output = F.conv2d(picture, window, stride=2)
print(output)
output = F.conv2d(picture, window, stride=1, padding=1)
print(output)
