import torch
from torch.nn.functional import conv2d

img = torch.tensor([[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1], [2, 1, 0, 1, 1]])
kernal = torch.tensor([[1, 2, 1], [0, 1, 0], [2, 1, 0]])
img = img.reshape(1, 1, 5, 5)
kernal = kernal.reshape(1, 1, 3, 3)
s = 2
print(conv2d(img, kernal))
print(conv2d(img, kernal, stride=s))
print(conv2d(img, kernal, None, 1, 1))
