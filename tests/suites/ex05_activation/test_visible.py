"""ex05: the checks that learners can read."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from grader.session import assert_close, assert_equal, assert_true, check, fail, is_instance

# The input of the notes.
NOTES = [[1.0, -0.5], [-1.0, 3.0]]

# So that a mistake in one of the five costs its own points only, where later ones build on it,
# tables stand in for those before it: they hold the values at the numbers of the notes, doubled and
# halved ones included. A softmax, which depends on all numbers at once and comes last, has none.
NUMBERS = torch.arange(-8, 8.25, 0.25, dtype=torch.float64)
TABLES = {
    "relu": {None: NUMBERS.relu()},
    "leaky_relu": {slope: F.leaky_relu(NUMBERS, slope) for slope in (0.01, 0, 1)},
    "sigmoid": {None: NUMBERS.sigmoid()},
    "tanh": {None: NUMBERS.tanh()},
}


def _literal(values):
    return [float(f"{value:.9g}") for value in values.tolist()]


LOOK_UP = f"""
NUMBERS = {_literal(NUMBERS)}

def look_up(values, slope, x):
    places = (x.reshape(-1, 1) - x.new_tensor(NUMBERS)).abs().argmin(dim=1)
    return x.new_tensor(values[slope])[places].reshape(x.shape)
"""
STAND_INS = {}
for each, table in TABLES.items():
    values = {slope: _literal(values) for slope, values in table.items()}
    given = "slope=0.01" if each == "leaky_relu" else "slope=None"
    STAND_INS[each] = f"""
def {each}(x, {given}):
    return look_up({values}, slope, x)
"""


@check(
    task="activation_net",
    points=4,
    title={
        "en": "ActivationNet() applies the sigmoid to the input of the notes",
        "zh": "ActivationNet() 对笔记里的输入做 sigmoid",
    },
    hint={
        "en": "The sigmoid of 1 is 0.731, and `kind` is `sigmoid` unless something else is passed.",
        "zh": "1 的 sigmoid 是 0.731；没有传别的值时 `kind` 为 `sigmoid`。",
    },
)
def test_activation_net_example(student, define, device):
    define("from torch import relu, sigmoid", stand_ins=["relu", "sigmoid"])
    net = student.ActivationNet()
    assert_true(
        is_instance(net, "torch.nn.Module"),
        en="ActivationNet is not an nn.Module: the class must be `class ActivationNet(nn.Module)`.",
        zh="ActivationNet 不是 nn.Module：类应写成 `class ActivationNet(nn.Module)`。",
    )
    x = torch.tensor(NOTES, device=device)
    assert_close(
        net.to(device)(x),
        x.sigmoid(),
        misconceptions={"always-relu": x.relu, "both-layers": lambda: x.relu().sigmoid()},
        what="ActivationNet()(x)",
    )


# Of the notes' input; for softmax along the columns.
EXPECTED = {
    "relu": [[1.0, 0.0], [0.0, 3.0]],
    "leaky_relu": [[1.0, -0.005], [-0.01, 3.0]],
    "sigmoid": [[0.73105858, 0.37754067], [0.26894142, 0.95257413]],
    "tanh": [[0.76159416, -0.46211716], [-0.76159416, 0.99505475]],
    "softmax": [[0.88079708, 0.02931223], [0.11920292, 0.97068777]],
}


@check(
    task="by_hand",
    points=2,
    title={
        "en": "{name} of the input of the notes",
        "zh": "对笔记里的输入计算 {name}",
    },
    hint={
        "en": "Put one number into the formula by hand and compare.",
        "zh": "取一个数代入公式手算，再比较。",
    },
)
@pytest.mark.parametrize("name", EXPECTED)
def test_by_hand_example(student, define, device, name):
    earlier = list(EXPECTED)[: list(EXPECTED).index(name)]
    define("".join([LOOK_UP, *(STAND_INS[each] for each in earlier)]), stand_ins=earlier)
    x = torch.tensor(NOTES, device=device)
    known = {
        "relu": {"absolute-value": x.abs, "sides-swapped": lambda: -(-x).relu()},
        "leaky_relu": {
            "no-leak": x.relu,
            "sides-swapped": lambda: torch.where(x > 0, 0.01 * x, x),
        },
        "sigmoid": {"exponent-sign": (-x).sigmoid},
        "tanh": {
            "half-argument": (x / 2).tanh,
            "sigmoid-not-shifted": (2 * x).sigmoid,
        },
        "softmax": {
            "dim-ignored": lambda: F.softmax(x, 1),
            "sum-over-everything": lambda: F.softmax(x.flatten(), 0).reshape(2, 2),
            "not-normalised": lambda: torch.exp(x - x.amax(0)),
        },
    }
    arguments = (0,) if name == "softmax" else ()
    assert_close(
        getattr(student, name)(x, *arguments),
        torch.tensor(EXPECTED[name], device=device),
        misconceptions=known[name],
        what=f"{name}(x, 0)" if arguments else f"{name}(x)",
    )


@check(
    task="ranges",
    points=3,
    title={"en": "OUTPUT_RANGES: relu", "zh": "OUTPUT_RANGES：relu"},
    hint={
        "en": "What comes out for negative x, and what for larger and larger x?",
        "zh": "x 为负时得到什么？x 越来越大时又得到什么？",
    },
)
def test_ranges_relu(student):
    ranges = student.OUTPUT_RANGES
    if not isinstance(ranges, dict) or "relu" not in ranges:
        fail("OUTPUT_RANGES has no key 'relu'", "OUTPUT_RANGES 没有键 'relu'")
    pair = ranges["relu"]
    if pair is None:
        fail("not written yet: it is None", "尚未完成：还是 None", misconception="not-written-yet")
    if not isinstance(pair, tuple | list) or {type(end) for end in pair} - {int, float}:
        fail("the value must be a tuple of two floats", "值应为由两个浮点数组成的元组")
    assert_equal(
        [float(end) for end in pair],
        [0.0, float("inf")],
        misconceptions={
            "ends-swapped": lambda: [float("inf"), 0.0],
            "range-of-another": lambda: [-float("inf"), float("inf")],
        },
        what="OUTPUT_RANGES['relu']",
    )


@check(
    task="choice",
    points=3,
    title={
        "en": "pick_activation: the role hidden",
        "zh": "pick_activation：位置 hidden",
    },
    hint={
        "en": "Cheap, and the first one to try.",
        "zh": "计算便宜，首先会试的那个。",
    },
)
def test_choice_hidden(student):
    assert_equal(student.pick_activation("hidden"), "relu", what='pick_activation("hidden")')
