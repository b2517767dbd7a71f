"""What students see."""

import torch

from grader.session import assert_close, assert_shape, check


@check(
    task="double",
    points=10,
    title={"en": "double([1, 2]) is [2, 4]", "zh": "double([1, 2]) 等于 [2, 4]"},
    hint={"en": "Multiply by 2.", "zh": "乘以 2。"},
)
def test_double_example(student):
    x = torch.tensor([1.0, 3.0])
    assert_close(student.double(x), 2 * x, misconceptions={"squared": lambda: x**2})


@check(
    task="net",
    points=10,
    title={"en": "Net maps N×4 to N×2", "zh": "Net 把 N×4 变成 N×2"},
)
def test_net_shape(student, randn):
    assert_shape(student.Net()(randn(5, 4)), (5, 2))
