"""ex07: the checks that learners can read."""

from __future__ import annotations

import difflib
import math
from typing import NamedTuple

import pytest
import torch

from grader.session import (
    assert_equal,
    assert_shape,
    assert_true,
    check,
    fail,
    flat_size,
    is_instance,
    output_side,
    read_events,
)

# What asks for a shape where the images are, since 64 of them are many to send. And a call that
# closes the writers which the function left open, so that forgetting it costs only the check about
# it. A graph is written the same without torch's optimiser, whose start takes longer than the rest,
# and without a second run by which torch compares it with itself.
HELPERS = """
import torch
from torch import nn
from torch.jit import _trace
from torch.utils.tensorboard import SummaryWriter

def call(function, *args):
    made, create, compare = [], SummaryWriter.__init__, _trace._check_trace

    def remember(self, *args, **kwargs):
        made.append(self)
        create(self, *args, **kwargs)

    SummaryWriter.__init__ = remember
    _trace._check_trace = lambda *_, **__: None
    try:
        with torch.jit.optimized_execution(False):
            function(*args)
    finally:
        SummaryWriter.__init__, _trace._check_trace = create, compare
    for writer in made:
        writer.close()

def output_of(net, shape, device):
    '''Give whether the output is a tensor, and then its shape, else the output itself.'''
    with torch.no_grad():
        output = net.to(device)(torch.zeros(shape, device=device))
    is_tensor = type(output) is torch.Tensor
    return is_tensor, tuple(output.shape) if is_tensor else output

def small():
    return nn.Linear(8, 5)
"""


@check(
    task="net",
    points=2,
    title={
        "en": "Cifar10Net maps 16 images of 3x32x32 to 16x10",
        "zh": "Cifar10Net 把 16 张 3x32x32 的图像变成 16x10",
    },
    hint={
        "en": "Three times Conv2d and MaxPool2d, then Flatten and two Linear layers; the number of "
        "images is written nowhere.",
        "zh": "三次 Conv2d 加 MaxPool2d，然后是 Flatten 和两个 Linear；图像的数量不写进代码。",
    },
)
def test_net_shape(student, define, device):
    net = student.Cifar10Net()
    assert_true(
        is_instance(net, "torch.nn.Module"),
        en="Cifar10Net is not an nn.Module: the class must be written "
        "`class Cifar10Net(nn.Module)`.",
        zh="Cifar10Net 不是 nn.Module：类应写成 `class Cifar10Net(nn.Module)`。",
    )
    is_tensor, output = define(HELPERS).output_of(net, (16, 3, 32, 32), device)
    answer = torch.empty(output, device="meta") if is_tensor is True else output
    assert_shape(answer, (16, 10))


class Layer(NamedTuple):
    """A layer of the network, as far as shapes go."""

    kind: str
    out: int = 0
    kernel: int = 2
    stride: int = 2
    padding: int = 0

    def shape(self, before):
        """Give the shape after this layer; None where it cannot take what comes."""
        if self.kind == "linear":
            return (before[0], self.out)
        if len(before) != 4:
            return None
        if self.kind == "flatten":
            return (before[0], math.prod(before[1:]))
        sides = [self.side(each) for each in before[2:]]
        return (before[0], self.out or before[1], *sides)

    def side(self, size):
        return (size + 2 * self.padding - self.kernel) // self.stride + 1

    def formula(self, before):
        """Say where the numbers come from, in two languages."""
        if self.kind == "linear":
            text = f"(N, out_features) = ({before[0]}, {self.out})"
            return (
                f"a Linear changes the last number only: {text}",
                f"Linear 只改变最后一个数：{text}",
            )
        if self.kind == "flatten":
            text = (
                f"(N, C * H * W) = ({before[0]}, {flat_size(before[1:]).text.partition(' = ')[0]})"
            )
            return f"one row for each image: {text}", f"每张图一行：{text}"
        sides = output_side(before[-1], self.kernel, stride=self.stride, padding=self.padding)
        # The formula only: the number is for the learner to work out.
        side = sides.text.rpartition(" = ")[0]
        channels = f"out_channels = {self.out}" if self.out else f"C = {before[1]}"
        return (
            f"N = {before[0]} stays, {channels}, a side: {side}",
            f"N = {before[0]} 不变，{channels}，边长：{side}",
        )

    def mistakes(self, before):
        """Give the shapes that known mistakes lead to."""
        right = self.shape(before)
        n, c, h = (*before, 0, 0)[:3]
        known = {"batch-left-out": right[1:]}
        if self.kind == "conv":
            known["row-padding-left-out"] = (n, self.out, h - 4, h - 4)
            known["channels-not-changed"] = before
            known["plus-one-missing"] = (n, self.out, h - 1, h - 1)
        if self.kind == "pool":
            known["plus-one-missing"] = (n, c, h // 2 - 1, h // 2 - 1)
            known["pool-stride-one"] = (n, c, h - 1, h - 1)
            known["pool-not-applied"] = before
            known["pool-changes-channels"] = (n, c // 2, h // 2, h // 2)
        if len(right) == 4:
            known["channels-at-the-end"] = (n, *right[2:], right[1])
        if self.kind == "flatten":
            known["batch-flattened-too"] = (math.prod(before),)
            known["channels-not-flattened"] = (n, h * h)
        return known


LAYERS = {
    "conv1": Layer("conv", 32, 5, 1, 2),
    "maxpool1": Layer("pool"),
    "conv2": Layer("conv", 32, 5, 1, 2),
    "maxpool2": Layer("pool"),
    "conv3": Layer("conv", 64, 5, 1, 2),
    "maxpool3": Layer("pool"),
    "flatten": Layer("flatten"),
    "linear1": Layer("linear", 64),
    "linear2": Layer("linear", 10),
}
ABOVE = dict(zip(LAYERS, ("input", *LAYERS), strict=False))
LARGEST = 10**9


def _right_shape(name):
    if name == "input":
        return (64, 3, 32, 32)
    return LAYERS[name].shape(_right_shape(ABOVE[name]))


@check(
    task="shape_table",
    points={name: 3 if name == "flatten" else 4 for name in LAYERS},
    title={
        "en": "SHAPE_TABLE: the row {name} is right",
        "zh": "SHAPE_TABLE：{name} 这一行正确",
    },
    hint={
        "en": "Start from the row above it, and put its numbers into the formula.",
        "zh": "从上一行出发，把它的数代入公式。",
    },
    needs={name: (f"shape_table[{above}]",) for name, above in ABOVE.items() if above in LAYERS},
)
@pytest.mark.parametrize("name", LAYERS)
def test_shape_table(student, once, name):
    table = once("SHAPE_TABLE", lambda: _list_or_none(student.SHAPE_TABLE))
    row = _row(table, name)
    layer, above, right = LAYERS[name], _right_shape(ABOVE[name]), _right_shape(name)
    if row == right:
        _require_tuples(table, name)
        return
    own = _shape([row[1] for row in _find(table, ABOVE[name])[:1]])
    if own is not None and own != above and layer.shape(own) == row:
        above, mistake = own, "carried-over"
    elif row[1:] == right[1:] and len(row) == len(right):
        mistake = "batch-size-changed"
    else:
        known = layer.mistakes(above)
        mistake = next((key for key, shape in known.items() if shape == row), None)
    en, zh = layer.formula(above)
    # The row above as it should be, unless this row was worked out from the student's own.
    is_so = own == above
    fail(
        f"you wrote {row}. The row above {'is' if is_so else 'should be'} {above}; from it: {en}.",
        f"你写的是 {row}。上一行{'是' if is_so else '应为'} {above}，由此得到：{zh}。",
        misconception=mistake,
    )


def _list_or_none(value):
    return value if isinstance(value, list | tuple) else None


def _rows(table):
    """Give what looks like a row: its form is judged where its numbers are right."""
    if table is None:
        fail("SHAPE_TABLE is not a list", "SHAPE_TABLE 不是列表")
    return [row for row in table if isinstance(row, list | tuple) and len(row) == 2]


def _find(table, name):
    """Give the rows with this name."""
    return [row for row in _rows(table) if row[0] == name]


def _require_tuples(table, name):
    """Fail where a list stands for a tuple, or a tuple for the list."""
    (row,) = _find(table, name)
    assert_true(
        isinstance(table, list),
        en="the numbers are right; SHAPE_TABLE itself should be a list of rows, and is a tuple.",
        zh="数字是对的；但 SHAPE_TABLE 本身应是由各行组成的列表，这里是元组。",
        misconception="brackets-swapped",
    )
    for value, part in ((row, "(name, shape)"), (row[1], "shape")):
        assert_true(
            isinstance(value, tuple),
            en=f"the numbers are right; `{part}` of {name} should be a tuple, and is a list.",
            zh=f"数字是对的；但 {name} 的 `{part}` 应是元组，这里是列表。",
            misconception="brackets-swapped",
        )


def _near_name(table, name):
    """Give the name of a row that is none of the ten, and near to this one."""
    names = [row[0] for row in _rows(table) if isinstance(row[0], str)]
    others = {each.casefold(): each for each in names if each not in ("input", *LAYERS)}
    near = difflib.get_close_matches(name, list(others)[:100], n=1)
    return others[near[0]] if near else None


def _shape(values):
    """Give the one shape as a tuple; None where it is none."""
    value = values[0] if len(values) == 1 else None
    if not isinstance(value, list | tuple) or len(value) > 6:
        return None
    whole = all(type(side) is int and 0 <= side < LARGEST for side in value)
    return tuple(value) if whole and value else None


def _row(table, name):
    found = [row[1] for row in _find(table, name)]
    if not found and (near := _near_name(table, name)):
        fail(
            f"SHAPE_TABLE has no row `({name!r}, shape)`; it has one that is named {near!r}",
            f"SHAPE_TABLE 里没有 `({name!r}, 形状)` 这一行；有一行的名字是 {near!r}",
            misconception="row-named-otherwise",
        )
    if len(found) != 1:
        fail(
            f"SHAPE_TABLE has {len(found)} rows `({name!r}, shape)`; there should be one",
            f"SHAPE_TABLE 里有 {len(found)} 行 `({name!r}, 形状)`，应当恰好有一行",
        )
    if found[0] is None:
        fail(
            f"not written yet: the shape of {name} is still None",
            f"尚未完成：{name} 的形状还是 None",
            misconception="not-written-yet",
        )
    shape = _shape(found)
    if shape is None:
        fail(
            f"the shape of {name} should be a tuple of whole numbers",
            f"{name} 的形状应当是由整数组成的元组",
        )
    return shape


@check(
    task="trace",
    points=2,
    title={
        "en": "trace_shapes lists Flatten (2, 12) and Linear (2, 5)",
        "zh": "trace_shapes 列出 Flatten (2, 12) 和 Linear (2, 5)",
    },
    hint={
        "en": "`for layer in model:` gives the layers; `type(layer).__name__` is the class name.",
        "zh": "`for layer in model:` 依次给出各层；`type(layer).__name__` 是类名。",
    },
)
def test_trace_example(student, library):
    nn = library("torch.nn")
    rows = student.trace_shapes(nn.Sequential(nn.Flatten(), nn.Linear(12, 5)), (2, 3, 2, 2))
    assert_equal(
        plain(rows),
        [("Flatten", (2, 12)), ("Linear", (2, 5))],
        misconceptions={
            "names-instead-of-classes": lambda: [("0", (2, 12)), ("1", (2, 5))],
            "shape-before-layer": lambda: [("Flatten", (2, 3, 2, 2)), ("Linear", (2, 12))],
        },
    )


def plain(rows):
    """Make each torch.Size, which is a tuple, into a plain one."""
    if not isinstance(rows, list):
        return rows
    return [
        (row[0], tuple(row[1]))
        if isinstance(row, tuple) and len(row) == 2 and isinstance(row[1], tuple)
        else row
        for row in rows
    ]


@check(
    task="graph",
    points=1,
    title={"en": "log_graph writes a graph", "zh": "log_graph 写出计算图"},
    hint={
        "en": "`writer.add_graph(model, torch.zeros(input_size))`.",
        "zh": "`writer.add_graph(model, torch.zeros(input_size))`。",
    },
)
def test_graph_example(student, define, scratch):
    helpers = define(HELPERS)
    helpers.call(student.log_graph, helpers.small(), scratch, (2, 3, 8, 8))
    assert_true(
        read_events(student, scratch).has_graph,
        en="there is no graph in the folder.",
        zh="文件夹里没有计算图。",
        misconception="no-graph",
    )
