"""What students see by title only."""

import pytest

from grader.session import (
    assert_close,
    assert_equal,
    assert_true,
    check,
    gradients,
    parameters,
    unchanged,
)


@check(
    task="double",
    points=10,
    visibility="hidden",
    title={"en": "double leaves its input as it was", "zh": "double 不改动输入"},
)
def test_double_keeps_input(student, reference, randn):
    x = randn(3, 4)
    assert_close(unchanged(student.double, x), reference.double(x))


@check(
    task="double",
    points=10,
    visibility="hidden",
    title={"en": "double is differentiable", "zh": "double 可求导"},
)
def test_double_gradients(student, reference, randn):
    x = randn(3)
    _, grads = gradients(student.double, x)
    _, expected = gradients(reference.double, x)
    assert_close(grads, expected)


@check(
    task="net",
    points=20,
    visibility="hidden",
    title={"en": "Net computes what its weights say", "zh": "Net 的输出由它的权重决定"},
)
def test_net_values(student, reference, randn):
    net, ref = student.Net(), reference.Net()
    assert_true(
        "fc.bias" in parameters(net),
        "`fc` has no bias",
        "`fc` 没有偏置",
        misconception="no-bias",
    )
    net.load_state_dict(ref.state_dict())
    x = randn(2, 4)
    assert_close(net(x), ref(x))


@check(
    task="total",
    points=30,
    visibility="hidden",
    title={"en": "total adds everything up", "zh": "total 求出总和"},
)
def test_total(student, reference, randn):
    x = randn(7)
    assert_close(student.total(x), reference.total(x))


@check(
    task="facts",
    points=5,
    visibility="hidden",
    title={"en": "FACTS[{name!r}] is right", "zh": "FACTS[{name!r}] 正确"},
)
@pytest.mark.parametrize("name", ["legs_of_a_cat", "legs_of_a_snake"])
def test_fact(student, reference, name):
    assert_equal(student.FACTS[name], reference.FACTS[name])
