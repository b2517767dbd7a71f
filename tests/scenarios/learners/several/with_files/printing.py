from settings import KERNEL


def shape_of(x):
    return tuple(x.shape), KERNEL


for step in range(3):
    print(step)
