import torch
import torch.nn.functional as F

def juanji(tu, he, bu=1, tian=0):
    """二维卷积"""
    tu = torch.reshape(tu, (1, 1, 5, 5))
    he = torch.reshape(he, (1, 1, 3, 3))
    return F.conv2d(tu, he, stride=bu, padding=tian)


tu = torch.tensor([[1, 2, 0, 3, 1],
                   [0, 1, 2, 3, 1],
                   [1, 2, 1, 0, 0],
                   [5, 2, 3, 1, 1],
                   [2, 1, 0, 1, 1]])
he = torch.tensor([[1, 2, 1],
                   [0, 1, 0],
                   [2, 1, 0]])
print(juanji(tu, he))
print(juanji(tu, he, bu=2))
print(juanji(tu, he, tian=1))
