"""ex03: the checks that learners can read."""

from __future__ import annotations

from typing import NamedTuple

import pytest
import torch

from grader.session import (
    assert_close,
    assert_equal,
    assert_shape,
    assert_true,
    check,
    fail,
    is_instance,
    layer_parameters,
    output_side,
    read_events,
)

# What asks for a shape where the images are, since 64 of them are many to send to and fro. What
# stands in for `to_rgb_batch`, so that a mistake in it costs its own task only: it gives black
# pictures, since only the steps are looked at here. And a call that closes the writers which the
# function left open, so that forgetting it costs only the check about it.
HELPERS = """
import torch
from torch.utils.tensorboard import SummaryWriter

def output_of(net, shape, device):
    '''Give whether the output is a tensor, and then its shape, else the output itself.'''
    output = net.to(device)(torch.zeros(shape, device=device))
    is_tensor = type(output) is torch.Tensor
    return is_tensor, tuple(output.shape) if is_tensor else output

def network(device):
    return torch.nn.Conv2d(3, 6, 3).to(device)

def to_rgb_batch(features):
    return features.new_zeros(len(features), 3, *features.shape[2:])

def call(function, *args):
    made, create = [], SummaryWriter.__init__

    def remember(self, *args, **kwargs):
        made.append(self)
        create(self, *args, **kwargs)

    SummaryWriter.__init__ = remember
    try:
        function(*args)
    finally:
        SummaryWriter.__init__ = create
    for writer in made:
        writer.close()
"""


@check(
    task="conv_net",
    points=2,
    title={
        "en": "ConvNet maps 64 images of 3x32x32 to 64x6x30x30",
        "zh": "ConvNet 把 64 张 3x32x32 的图像变成 64x6x30x30",
    },
    hint={
        "en": "32 + 2*0 - 3 + 1 = 30: kernel 3, stride 1, padding 0.",
        "zh": "32 + 2*0 - 3 + 1 = 30：卷积核 3，步长 1，不补零。",
    },
)
def test_conv_net_shape(student, define, device):
    net = student.ConvNet()
    assert_true(
        is_instance(net, "torch.nn.Module"),
        en="ConvNet is not an nn.Module: the class must be written `class ConvNet(nn.Module)`.",
        zh="ConvNet 不是 nn.Module：类应写成 `class ConvNet(nn.Module)`。",
    )
    is_tensor, output = define(HELPERS).output_of(net, (64, 3, 32, 32), device)
    assert_shape(
        torch.empty(output, device="meta") if is_tensor is True else output,
        (64, 6, 30, 30),
        misconceptions={
            "padding-one": lambda: (64, 6, 32, 32),
            "two-kernels": lambda: (64, 2, 30, 30),
            "three-outputs": lambda: (64, 3, 30, 30),
            "reshape-in-network": lambda: (128, 3, 30, 30),
        },
    )


class Entry(NamedTuple):
    """What one entry of CONV_PARAMETERS starts from and leads to."""

    given: dict[str, int]
    wanted: tuple[int, ...]
    count: int | None
    mistakes: dict[str, int]
    """The side, or the number of parameters, that a known mistake gives."""


ENTRIES = {
    "keep_size": Entry(
        {"in_channels": 3, "out_channels": 8, "kernel_size": 5},
        (4, 8, 32, 32),
        None,
        {"padding-left-out": 28, "padding-always-one": 30},
    ),
    "halve": Entry(
        {"in_channels": 3, "out_channels": 16, "kernel_size": 3},
        (4, 16, 16, 16),
        None,
        {"padding-left-out": 15, "stride-left-out": 32},
    ),
    "shrink": Entry(
        {"in_channels": 3, "out_channels": 6, "stride": 1, "padding": 0}, (4, 6, 28, 28), None, {}
    ),
    "dilated": Entry(
        {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "dilation": 2},
        (4, 4, 32, 32),
        None,
        {"padding-left-out": 28, "padding-always-one": 30},
    ),
    "depthwise": Entry(
        {"in_channels": 6, "out_channels": 6, "kernel_size": 3, "padding": 1},
        (4, 6, 32, 32),
        60,
        {"groups-left-out": 330},
    ),
    "pointwise_no_bias": Entry(
        {"in_channels": 16, "out_channels": 32}, (4, 32, 32, 32), 512, {"bias-left-in": 544}
    ),
}
# What nn.Conv2d takes: plain values, no object whose methods are the student's.
PLAIN = (int, str, bool, float, torch.dtype, torch.device)
# More than any entry needs; what is built from them stays small.
LARGEST = 40


@check(
    task="parameters",
    points=dict(zip(ENTRIES, (6, 6, 6, 6, 6, 5), strict=True)),
    title={
        "en": "CONV_PARAMETERS: {name} reaches what is wanted and keeps what is given",
        "zh": "CONV_PARAMETERS：{name} 达到要求，并保持已给的参数",
    },
)
@pytest.mark.parametrize("name", ENTRIES)
def test_parameters(student, once, name):
    wanted = ENTRIES[name]
    entries = once("CONV_PARAMETERS", lambda: _dict_or_none(student.CONV_PARAMETERS))
    conv = _build(_entry(entries, name))
    _require_given(conv, wanted.given)
    shape, count = _output_shape(conv), sum(each.numel() for each in conv.parameters())
    found = {shape[-1], count}
    mistake = next((key for key, value in wanted.mistakes.items() if value in found), None)
    if shape != wanted.wanted:
        side = _side(conv)
        fail(
            f"a side of the output: {side.text}",
            f"输出的边长：{side.text}",
            misconception=mistake,
            got=shape,
            expected=wanted.wanted,
        )
    if wanted.count not in (None, count):
        parts = layer_parameters(conv.weight.shape, 0 if conv.bias is None else conv.bias.numel())
        fail(
            f"the parameters are weights + biases = {parts.text}",
            f"参数个数为 权重 + 偏置 = {parts.text}",
            misconception=mistake,
            got=count,
            expected=wanted.count,
        )


def _dict_or_none(value):
    return value if isinstance(value, dict) else None


def _entry(entries, name):
    """Give one entry, once it is a dict of plain values."""
    entry = entries.get(name) if isinstance(entries, dict) else None
    if not isinstance(entry, dict):
        fail(f"CONV_PARAMETERS has no dict under {name!r}", f"CONV_PARAMETERS 的 {name!r} 不是字典")
    for key, value in entry.items():
        if value is None:
            en = f"not written yet: {key} of {name} is still None"
            zh = f"尚未完成：{name} 的 {key} 还是 None"
            fail(en, zh, misconception="not-written-yet")
        for part in value if isinstance(value, tuple | list) else [value]:
            if type(part) not in PLAIN or (type(part) is int and abs(part) > LARGEST):
                fail(f"{key} must be a small whole number", f"{key} 应为不大的整数")
    return entry


def _build(entry):
    # Shapes and counts are the same on every device and with every dtype.
    kept = {key: value for key, value in entry.items() if key not in ("device", "dtype")}
    try:
        return torch.nn.Conv2d(**kept)
    except Exception as error:  # noqa: BLE001 - whatever the student's arguments provoke
        fail(f"nn.Conv2d refuses these arguments: {error}", f"nn.Conv2d 拒绝了这些参数：{error}")


def _require_given(conv, given):
    for key, value in given.items():
        kept = 0 if getattr(conv, key) == "valid" else getattr(conv, key)
        if kept not in (value, (value, value)):
            fail(f"{key}={value} is given; it was changed", f"{key}={value} 是给定的，不能改动")


def _output_shape(conv):
    try:
        return (4, *conv(torch.zeros(1, conv.in_channels, 32, 32)).shape[1:])
    except Exception as error:  # noqa: BLE001 - as above
        fail(f"the layer cannot take the images: {error}", f"这一层无法处理图像：{error}")


def _side(conv):
    return output_side(
        32,
        conv.kernel_size[-1],
        stride=conv.stride[-1],
        padding=conv.padding if isinstance(conv.padding, str) else conv.padding[-1],
        dilation=conv.dilation[-1],
    )


@check(
    task="to_rgb_batch",
    points=1,
    title={
        "en": "to_rgb_batch makes 2 pictures of 3 channels from 1x6x2x2",
        "zh": "to_rgb_batch 把 1x6x2x2 变成 2 张三通道的图片",
    },
    hint={
        "en": "`reshape` with -1 in the first place works out the number of pictures.",
        "zh": "`reshape` 的第一个位置写 -1，会自动算出图片的数量。",
    },
)
def test_to_rgb_example(student, device):
    features = torch.arange(24.0, device=device).reshape(1, 6, 2, 2)
    assert_close(
        student.to_rgb_batch(features),
        torch.arange(24.0, device=device).reshape(2, 3, 2, 2),
        misconceptions={"channels-cut-off": lambda: features[:, :3]},
    )


@check(
    task="log_batches",
    points=2,
    title={
        "en": "log_batches writes `input` and `output` for three batches, at steps 0, 1, 2",
        "zh": "log_batches 为三个批次写出 `input` 和 `output`，步数为 0、1、2",
    },
    hint={
        "en": "`writer.add_images(tag, images, step)`, inside the loop.",
        "zh": "在循环里调用 `writer.add_images(tag, images, step)`。",
    },
)
def test_log_steps(student, define, images, integers, scratch, device):
    helpers = define(HELPERS, stand_ins=["to_rgb_batch"])
    net = helpers.network(device)
    batches = [(images(2, 3, 4, 5), integers(0, 9, (2,))) for _ in range(3)]
    helpers.call(student.log_batches, net, batches, scratch)
    events = read_events(student, scratch, pictures=False)
    found = ", ".join(f"`{tag[:30]}`" for tag in [*events.steps][:4])
    for tag in ("input", "output"):
        assert_true(
            tag in events.steps,
            en=f"no pictures were written under `{tag}`; the tags in the log: {found or 'none'}.",
            zh=f"`{tag}` 下没有写任何图片；日志里的标签：{found or '没有'}。",
        )
        assert_equal(
            events.steps[tag],
            [0, 1, 2],
            misconceptions={
                "step-never-grows": lambda: [0, 0, 0],
                "steps-from-one": lambda: [1, 2, 3],
                "last-batch-only": lambda tag=tag: events.steps[tag][:1],
            },
            what={"en": f"the steps of `{tag}`", "zh": f"`{tag}` 的步数"},
        )
