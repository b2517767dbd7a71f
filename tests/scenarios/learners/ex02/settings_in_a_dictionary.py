import torch
import torch.nn.functional as F

juzhen = [[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1], [2, 1, 0, 1, 1]]


def shiyan(shuru, he, **canshu):
    print(canshu, F.conv2d(shuru, he, **canshu))


def main():
    shuru = torch.tensor(juzhen).reshape(1, 1, 5, 5)
    he = torch.tensor([[1, 2, 1], [0, 1, 0], [2, 1, 0]])[None, None]
    cases = {"默认": {}, "步长2": dict(stride=2)}
    for name, kw in cases.items():
        print(name, F.conv2d(shuru, he, **kw))
    shiyan(shuru, he, stride=1, padding=1)


if __name__ == "__main__":
    main()
