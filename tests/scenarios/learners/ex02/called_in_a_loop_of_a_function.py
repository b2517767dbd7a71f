import torch
import torch.nn.functional as F


def tu():
    return torch.tensor([[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1], [2, 1, 0, 1, 1]])


def juanji(buchang, tianchong=0):
    he = torch.tensor([[1, 2, 1], [0, 1, 0], [2, 1, 0]]).reshape(1, 1, 3, 3)
    return F.conv2d(tu().reshape(1, 1, 5, 5), he, stride=buchang, padding=tianchong)


def lesson():
    for s, p in [(1, 0), (2, 0), (1, 1)]:
        print(juanji(s, p))


if __name__ == "__main__":
    lesson()
