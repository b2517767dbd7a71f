"""What students see."""

import torch

from grader.session import assert_close, assert_equal, assert_shape, check

HELPERS = """
def pooled_size(size):
    return size // 2
"""


@check(
    task="pool",
    points=10,
    title={"en": "pool uses pooled_size", "zh": "pool 使用 pooled_size"},
)
def test_pool_example(student, define):
    student.pooled_size = define(HELPERS).pooled_size
    assert_close(student.pool(torch.tensor([1.0, 2.0, 4.0, 3.0])), torch.tensor([2.0, 4.0]))


@check(
    task="layer",
    points=10,
    title={"en": "Small gives two channels", "zh": "Small 给出两个通道"},
)
def test_small_shape(student, images):
    assert_shape(student.Small()(images(2, 1, 5, 5)), (2, 2, 3, 3))


@check(
    task="pool",
    points=0,
    title={"en": "pooled_size(6) is 3", "zh": "pooled_size(6) 等于 3"},
)
def test_pooled_size(student):
    assert_equal(student.pooled_size(6), 3)
