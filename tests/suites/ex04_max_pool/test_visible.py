"""ex04: the checks that learners can read."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from grader.session import (
    assert_close,
    assert_equal,
    assert_true,
    check,
    fail,
    is_instance,
)

IMAGE = [[1, 2, 0, 3, 1], [0, 1, 2, 3, 1], [1, 2, 1, 0, 0], [5, 2, 3, 1, 1], [2, 1, 0, 1, 1]]
FLOOR = [[2]]
CEIL = [[2, 3], [5, 1]]

# So that a mistake in `pool_output_size` costs its own task only, this stands in for it: it knows
# the sides of this one example, and nothing else.
HELPERS = """
def pool_output_size(size, kernel_size, stride=None, padding=0, ceil_mode=False):
    return 2 if ceil_mode else 1
"""


@pytest.fixture
def notes(device):
    """Give a matrix of the notes as a batch."""
    return lambda rows: torch.tensor([[rows]], dtype=torch.float32, device=device)


@check(
    task="pool_net",
    points=4,
    title={
        "en": "MaxPoolNet() makes [[2, 3], [5, 1]] of the 5x5 image of the notes",
        "zh": "MaxPoolNet() 把笔记里的 5x5 图像变成 [[2, 3], [5, 1]]",
    },
    hint={
        "en": "Kernel 3, and `ceil_mode` is True unless something else is passed.",
        "zh": "核为 3，没有传别的值时 `ceil_mode` 为 True。",
    },
)
def test_pool_net_example(student, notes, device):
    net = student.MaxPoolNet()
    assert_true(
        is_instance(net, "torch.nn.Module"),
        en="MaxPoolNet is not an nn.Module: the class must be `class MaxPoolNet(nn.Module)`.",
        zh="MaxPoolNet 不是 nn.Module：类应写成 `class MaxPoolNet(nn.Module)`。",
    )
    answer = net.to(device)(notes(IMAGE))
    assert_close(
        answer,
        notes(CEIL),
        misconceptions={
            # On the image of the notes a dilation of 2 gives what rounding down gives.
            "dilation-for-stride": lambda: answer if _spreads_windows(net, device) else notes(CEIL),
            "ceil-mode-not-used": lambda: notes(FLOOR),
            "stride-one": lambda: notes([[2, 3, 3], [5, 3, 3], [5, 3, 3]]),
        },
        what="MaxPoolNet()(x)",
    )


def _spreads_windows(net, device):
    """Say whether the layer skips elements, by an image on which nothing else gives the same."""
    x = torch.arange(81.0, device=device).reshape(1, 1, 9, 9)
    answer = net(x)
    spread = [F.max_pool2d(x, 3, dilation=by, ceil_mode=True) for by in (2, 3)]
    return isinstance(answer, torch.Tensor) and any(
        answer.shape == each.shape and bool((answer == each).all()) for each in spread
    )


@check(
    task="pool_output_size",
    points=5,
    title={
        "en": "pool_output_size for sides of 30 and 32, kernel 3, in both modes",
        "zh": "边长 30 和 32、核为 3 时两种取整方式下的 pool_output_size",
    },
    hint={
        "en": "(32 - 3) / 3 = 9.67: down to 9 or up to 10, then + 1. (30 - 3) / 3 = 9 is whole.",
        "zh": "(32 - 3) / 3 = 9.67：向下取 9 或向上取 10，再 + 1。(30 - 3) / 3 = 9 是整数。",
    },
)
def test_pool_output_size_example(student):
    size = student.pool_output_size
    assert_equal(
        size(32, 3),
        10,
        misconceptions={
            "stride-one": lambda: 30,
            "plus-one-missing": lambda: 9,
            "ceil-mode-always-on": lambda: 11,
        },
        what="pool_output_size(32, 3)",
    )
    assert_equal(
        size(32, 3, ceil_mode=True),
        11,
        misconceptions={"ceil-mode-not-used": lambda: 10},
        what="pool_output_size(32, 3, ceil_mode=True)",
    )
    assert_equal(
        size(30, 3, ceil_mode=True),
        10,
        misconceptions={"ceil-always-adds-one": lambda: 11},
        what="pool_output_size(30, 3, ceil_mode=True)",
    )


@check(
    task="max_pool",
    points=5,
    title={
        "en": "max_pool gives the numbers of the notes in both modes: [[2]] and [[2, 3], [5, 1]]",
        "zh": "max_pool 在两种取整方式下得到笔记里的数字：[[2]] 和 [[2, 3], [5, 1]]",
    },
    hint={
        "en": "The upper right window is partial: it holds 3, 1, 3, 1, 0 and 0.",
        "zh": "右上角的窗口不完整：里面是 3、1、3、1、0、0。",
    },
)
def test_max_pool_example(student, define, notes):
    student.pool_output_size = define(HELPERS).pool_output_size
    assert_close(
        student.max_pool(notes(IMAGE), 3),
        notes(FLOOR),
        misconceptions={
            "ceil-mode-always-on": lambda: notes(CEIL),
            "stride-one": lambda: notes([[2, 3, 3], [5, 3, 3], [5, 3, 3]]),
        },
        what="max_pool(x, 3)",
    )
    assert_close(
        student.max_pool(notes(IMAGE), 3, ceil_mode=True),
        notes(CEIL),
        misconceptions={"ceil-mode-not-used": lambda: notes(FLOOR)},
        what="max_pool(x, 3, ceil_mode=True)",
    )


@check(
    task="facts",
    points=2,
    title={
        "en": "POOLING_FACTS: default_stride_of_kernel_3",
        "zh": "POOLING_FACTS：default_stride_of_kernel_3",
    },
    hint={
        "en": "The documentation of `nn.MaxPool2d` says what `stride` is by default.",
        "zh": "`nn.MaxPool2d` 的文档写明了 `stride` 的默认值。",
    },
)
def test_facts_stride(student):
    facts, name = student.POOLING_FACTS, "default_stride_of_kernel_3"
    if not isinstance(facts, dict) or name not in facts:
        fail(f"POOLING_FACTS has no key {name!r}", f"POOLING_FACTS 没有键 {name!r}")
    if facts[name] is None:
        fail("not written yet: it is None", "尚未完成：还是 None", misconception="not-written-yet")
    assert_equal(facts[name], 3, misconceptions={"stride-one": lambda: 1}, what=name)
