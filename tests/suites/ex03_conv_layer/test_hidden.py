"""ex03: the checks that learners see by title only."""

from __future__ import annotations

from typing import NamedTuple

import pytest
import torch
from torch.nn import functional as F

from grader.session import (
    Events,
    assert_close,
    assert_equal,
    assert_raises,
    assert_same_gradients,
    assert_shape,
    assert_true,
    check,
    gradients,
    is_instance,
    read_events,
    require_gradient,
    unchanged,
    watched,
)

# What is kept of a returned value for later checks.
PLAIN = (int, float, bool, str, type(None), torch.Tensor)
HELPERS = """
import tempfile

import torch
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.tensorboard import SummaryWriter

def to_rgb_batch(features):
    return features.reshape(-1, 3, *features.shape[2:])

def call(function, *args, **kwargs):
    '''Call; return the value and how many writers were left open, which are then closed.'''
    made, create = [], SummaryWriter.__init__

    def remember(self, *args, **kwargs):
        made.append(self)
        create(self, *args, **kwargs)

    SummaryWriter.__init__ = remember
    try:
        value = function(*args, **kwargs)
    finally:
        SummaryWriter.__init__ = create
    left_open = [writer for writer in made if writer.all_writers is not None]
    for writer in left_open:
        writer.close()
    return value, len(left_open)

def log(function, weights, device, limits, batch_size, *images):
    '''Log images, from a DataLoader where there is a batch size, else each as a batch.

    The network is no work of the student's: a mistake in theirs costs its own task only.
    '''
    net, folder = torch.nn.Conv2d(3, 6, 3).to(device), tempfile.mkdtemp()
    net.load_state_dict(weights)
    batches = [(batch, torch.arange(len(batch), device=device)) for batch in images]
    if batch_size:
        batches = DataLoader(TensorDataset(*batches[0]), batch_size=batch_size)
    value, left_open = call(function, net, batches, folder, **limits)
    return folder, value, left_open, dict(net.named_parameters())

def without_gradient(net, x, layers):
    '''Give the parameters of these layers that training would not move; run it in float64, too.'''
    output = net(x)
    if output.requires_grad:
        output.square().sum().backward()
    idle = [
        f"{layer}.{name}"
        for layer in layers
        for name, parameter in getattr(net, layer).named_parameters()
        if parameter.grad is None or not bool(parameter.grad.any())
    ]
    net.double()(x.double())
    return idle
"""


@check(
    task="conv_net",
    points=7,
    visibility="hidden",
    title={
        "en": "conv1 is a Conv2d with 6 kernels of 3x3x3 and a bias",
        "zh": "conv1 是有 6 个 3x3x3 卷积核和偏置的 Conv2d",
    },
    hint={
        "en": "3 channels in, 6 out: 6 kernels, each of which sees all 3 channels.",
        "zh": "3 个输入通道、6 个输出通道：6 个卷积核，每个都看全部 3 个通道。",
    },
)
def test_conv_net_layer(student, new, images):
    net = new(student.ConvNet)
    conv1 = net.conv1
    if is_instance(conv1, "torch.nn.LazyConv2d"):  # it finds its channels at the first call
        net(images(1, 3, 32, 32))
    assert_true(
        is_instance(conv1, "torch.nn.Conv2d"),
        en="conv1 is not an nn.Conv2d.",
        zh="conv1 不是 nn.Conv2d。",
    )
    assert_shape(
        conv1.weight,
        (6, 3, 3, 3),
        misconceptions={
            "two-kernels": lambda: (2, 3, 3, 3),
            "three-outputs": lambda: (3, 3, 3, 3),
        },
    )
    assert_true(
        conv1.bias is not None,
        en="conv1 has no bias; the task leaves `bias` at its default, True.",
        zh="conv1 没有偏置；题目中 `bias` 用默认值 True。",
    )


@check(
    task="conv_net",
    points=7,
    visibility="hidden",
    title={
        "en": "With the same weights ConvNet gives the same feature maps as the reference",
        "zh": "权重相同时，ConvNet 的特征图与参考答案一致",
    },
    hint={
        "en": "`forward` returns what conv1 gives, and does nothing else.",
        "zh": "`forward` 直接返回 conv1 的结果，不做别的。",
    },
    needs=("conv_net_shape", "conv_net_layer"),
)
def test_conv_net_same_weights(student, reference, new, images):
    net, expected = new(student.ConvNet), new(reference.ConvNet)
    net.conv1.load_state_dict(expected.conv1.state_dict())
    x = images(2, 3, 32, 32)
    with torch.no_grad():
        right = expected(x)
        padded = F.conv2d(x, expected.conv1.weight, expected.conv1.bias, padding=1)
    assert_close(
        net(x),
        right,
        misconceptions={
            "padding-one": lambda: padded,
            "relu-added": right.relu,
            "reshape-in-network": lambda: right.reshape(-1, 3, 30, 30),
        },
    )


@check(
    task="conv_net",
    points=3,
    visibility="hidden",
    title={
        "en": "ConvNet leaves its input as it was, works in float64 too, and gradients reach its "
        "input and its weights",
        "zh": "ConvNet 不修改输入，也能用 float64 计算，梯度能传到它的输入和权重",
    },
    needs=("conv_net_shape",),
)
def test_conv_net_trains(student, new, define, randn):
    net = new(student.ConvNet)
    x = randn(2, 3, 9, 8)
    assert_true(
        isinstance(unchanged(net, x), torch.Tensor),
        en="calling ConvNet does not give a tensor.",
        zh="调用 ConvNet 得到的不是张量。",
    )
    require_gradient(net, x)
    idle = define(HELPERS).without_gradient(net, x, ["conv1"])
    assert_true(
        not idle,
        en=f"no gradient reaches {', '.join(idle)}, so training cannot change it.",
        zh=f"梯度没有传到 {', '.join(idle)}，训练就无法改变它。",
        misconception="cuts-the-graph",
    )


@check(
    task="conv_net",
    points=6,
    visibility="hidden",
    title={
        "en": "ConvNet takes one image, and images of other sizes",
        "zh": "ConvNet 能处理一张图，也能处理其他大小的图",
    },
    hint={
        "en": "Write no batch size and no 32 into `forward`.",
        "zh": "不要把批次大小或 32 写死在 `forward` 里。",
    },
    needs=("conv_net_shape",),
)
def test_conv_net_sizes(student, new, images, rng):
    net = new(student.ConvNet)
    height, width = rng.randint(8, 20), rng.randint(21, 40)
    for count in (1, rng.randint(2, 7)):
        assert_shape(
            net(images(count, 3, height, width)),
            (count, 6, height - 2, width - 2),
            misconceptions={
                "padding-one": lambda n=count: (n, 6, height, width),
                "two-kernels": lambda n=count: (n, 2, height - 2, width - 2),
                "three-outputs": lambda n=count: (n, 3, height - 2, width - 2),
                "reshape-in-network": lambda n=count: (2 * n, 3, height - 2, width - 2),
            },
        )


@check(
    task="to_rgb_batch",
    points=5,
    visibility="hidden",
    title={
        "en": "to_rgb_batch keeps all values in row-major order, for any batch and size",
        "zh": "对任何批次和大小，to_rgb_batch 都按行优先顺序保留所有数值",
    },
    hint={
        "en": "Picture 0 is channels 0-2 of the first image, picture 1 its channels 3-5.",
        "zh": "第 0 张图片是第一张图的第 0-2 通道，第 1 张图片是它的第 3-5 通道。",
    },
    needs=("to_rgb_example",),
)
def test_to_rgb_values(student, randn, rng):
    count, height, width = rng.randint(2, 5), rng.randint(3, 6), rng.randint(7, 9)
    features = randn(count, 6, height, width)
    assert_close(
        student.to_rgb_batch(features),
        features.reshape(2 * count, 3, height, width),
        misconceptions={
            "channels-cut-off": lambda: features[:, :3],
            "pictures-out-of-order": lambda: torch.cat([features[:, :3], features[:, 3:]]),
        },
    )


@check(
    task="to_rgb_batch",
    points=3,
    visibility="hidden",
    title={
        "en": "to_rgb_batch takes any number of channels that 3 divides",
        "zh": "只要通道数能被 3 整除，to_rgb_batch 都能处理",
    },
    hint={
        "en": "Work the number of pictures out from `features.shape`; no channel count is fixed.",
        "zh": "图的个数要从 `features.shape` 算出来；通道数不是固定的。",
    },
    needs=("to_rgb_example",),
)
def test_to_rgb_channels(student, randn):
    for channels in (3, 9, 12):
        features = randn(2, channels, 4, 5)
        assert_close(
            student.to_rgb_batch(features),
            features.reshape(2 * channels // 3, 3, 4, 5),
            misconceptions={"channels-cut-off": lambda x=features: x[:, :3]},
        )


@check(
    task="to_rgb_batch",
    points=2,
    visibility="hidden",
    title={
        "en": "to_rgb_batch takes permuted tensors of any dtype, leaves them as they were",
        "zh": "to_rgb_batch 能处理维度换过序、任意 dtype 的张量，并且不修改它们",
    },
    hint={
        "en": "`reshape` takes what `view` refuses, and neither changes the dtype.",
        "zh": "`view` 拒绝的张量 `reshape` 可以处理；两者都不改变 dtype。",
    },
    needs=("to_rgb_example",),
)
def test_to_rgb_inputs(student, randn, integers):
    shape = (2, 4, 5, 6)
    for stored in (randn(*shape, dtype=torch.float64), integers(0, 256, shape, torch.uint8)):
        features = stored.permute(0, 3, 1, 2)
        assert_close(unchanged(student.to_rgb_batch, features), features.reshape(4, 3, 4, 5))


@check(
    task="to_rgb_batch",
    points=2,
    visibility="hidden",
    title={
        "en": "Gradients flow through to_rgb_batch",
        "zh": "梯度能穿过 to_rgb_batch",
    },
    needs=("to_rgb_example",),
)
def test_to_rgb_gradients(student, reference, randn):
    x = randn(2, 6, 3, 3)
    assert_same_gradients(gradients(student.to_rgb_batch, x), gradients(reference.to_rgb_batch, x))


@check(
    task="to_rgb_batch",
    points=2,
    visibility="hidden",
    title={
        "en": "A channel count that 3 does not divide raises ValueError, which names `features`",
        "zh": "通道数不能被 3 整除时抛出 ValueError，并写出 `features`",
    },
    hint={
        "en": "3 images of 4 channels reshape without an error, into nonsense: test C % 3. The "
        "message names `features`.",
        "zh": "3 张 4 通道的图也能 reshape，不报错但毫无意义：要检查 C % 3，"
        "并在错误信息里写出 `features`。",
    },
    needs=("to_rgb_example",),
)
def test_to_rgb_error(student, randn):
    for shape in ((3, 4, 5, 5), (1, 5, 3, 3), (2, 1, 6, 6)):
        # A message may say "channels" for what is wrong with the argument `features`.
        names = ("features", "channels", "channel", "通道")
        assert_raises(ValueError, student.to_rgb_batch, randn(*shape), names=names)


class Logged(NamedTuple):
    """What one call of log_batches wrote and returned, and what it left behind."""

    batches: int
    count: object
    left_open: int
    """How many writers it left open."""
    changed: list[str]
    """Which of its images it modified."""
    weights: dict[str, torch.Tensor]
    """Of the network, afterwards."""
    written: Events


# How many images there are in each batch, by the limit: what a mistake writes differs from what is
# right, and no picture is written that nobody looks at. They are small, since TensorBoard takes
# longer for a sum over the bytes of a picture than the network takes to make it.
BATCHES = {0: (1, 1), 2: (1, 1, 1, 1), 9: (2, 1)}
# Without a limit they come from a DataLoader, as in the lesson: five images in batches of three.
LOADED, BATCH_SIZE = 5, 3


@pytest.fixture(scope="session")
def weights(reference):
    """Give the weights of the network that is logged."""
    return reference.ConvNet().conv1.state_dict()


@pytest.fixture(scope="session")
def loaded(images):
    """Give the images that are logged without a limit."""
    return images(LOADED, 3, 4, 5)


@pytest.fixture(scope="session")
def log(once, student, define, loaded, weights, device, images):
    """Give a function that logs some batches, once for all checks."""

    def call(limit):
        # The student's log_batches meets a right to_rgb_batch.
        helpers = define(HELPERS, stand_ins=["to_rgb_batch"])
        size = BATCH_SIZE if limit is None else 0
        limits = {} if limit is None else {"max_steps": limit}
        given = [images(count, 3, 4, 4) for count in BATCHES.get(limit, ())] or [loaded]
        (folder, count, left_open, after), changed = watched(
            helpers.log, student.log_batches, weights, device, limits, size, *given
        )
        # An object that is no plain value would be gone when the next check looks at it.
        plain = count if isinstance(count, PLAIN) else repr(count)
        written = read_events(student, folder, pictures=limit is None)
        batches = -(-LOADED // BATCH_SIZE) if limit is None else len(given)
        return Logged(batches, plain, left_open, changed, after, written)

    return lambda limit=None: once(f"log {limit}", lambda: call(limit))


@pytest.fixture(scope="session")
def expected(loaded, reference, weights):
    """Give the pictures that are right, by tag: what `add_images` makes of each batch."""
    net = reference.ConvNet()
    net.conv1.load_state_dict(weights)
    batches = loaded.cpu().split(BATCH_SIZE)
    with torch.no_grad():
        outputs = [reference.to_rgb_batch(net(batch)) for batch in batches]
    return {
        tag: [_picture(each) for each in tensors]
        for tag, tensors in (("input", batches), ("output", outputs))
    }


def _picture(images):
    """Give the picture that `add_images` makes of up to eight N×3×H×W images: uint8, H×NW×3."""
    row = torch.cat(list(images), dim=2).permute(1, 2, 0)
    return (row * 255).clamp(0, 255).to(torch.uint8)


def _assert_same_pictures(written, expected):
    for index, (got, want) in enumerate(zip(written, expected, strict=True)):
        # A picture holds whole numbers; rounding of floats may move one by 1.
        actual, wanted = got.cpu().float(), want.cpu().float()
        what = {"en": f"picture {index}", "zh": f"第 {index} 张图片"}
        assert_close(actual, wanted, rtol=0.0, atol=1.0, what=what)


def _count_under(tag):
    return {"en": f"the number of pictures under `{tag}`", "zh": f"`{tag}` 下的图片数"}


@check(
    task="log_batches",
    points=3,
    visibility="hidden",
    title={
        "en": "Under `input` stand the images of each batch",
        "zh": "`input` 下是每个批次的图像",
    },
    needs=("log_steps",),
)
def test_log_input(log, expected):
    logged = log()
    written = logged.written.images.get("input", [])
    assert_equal(len(written), logged.batches, what=_count_under("input"))
    _assert_same_pictures(written, expected["input"])


@check(
    task="log_batches",
    points=6,
    visibility="hidden",
    title={
        "en": "Under `output` stand the feature maps of each batch, three channels a picture",
        "zh": "`output` 下是每个批次的特征图，每三个通道一张图片",
    },
    hint={
        "en": "Write `to_rgb_batch(net(images))`, of the network that was passed in.",
        "zh": "写入 `to_rgb_batch(net(images))`，用传进来的网络。",
    },
    needs=("log_steps",),
)
def test_log_output(log, expected):
    logged = log()
    written = logged.written.images.get("output", [])
    assert_equal(len(written), logged.batches, what=_count_under("output"))
    _assert_same_pictures(written, expected["output"])


@check(
    task="log_batches",
    points=2,
    visibility="hidden",
    title={
        "en": "At most max_steps batches are written: {case}",
        "zh": "最多写 max_steps 个批次：{case}",
    },
    hint={
        "en": "Test before writing, and compare with None: 0 is a limit too.",
        "zh": "在写入之前判断，并且与 None 比较：0 也是一个上限。",
    },
    needs=("log_steps",),
)
@pytest.mark.parametrize("case", ["zero", "fewer", "more"])
def test_log_max_steps(log, case):
    limit = {"zero": 0, "fewer": 2, "more": 9}[case]
    logged = log(limit)
    for tag in ("input", "output"):
        assert_equal(
            len(logged.written.steps.get(tag, [])),
            min(limit, logged.batches),
            misconceptions={
                "zero-means-all": lambda: (
                    None if limit or not _keeps_a_limit(log) else logged.batches
                ),
                "one-step-too-many": lambda: limit + 1,
                "limit-ignored": lambda: logged.batches,
            },
            what=_count_under(tag),
        )


def _keeps_a_limit(log):
    """Say whether a limit other than 0 is kept; where none is, 0 was not mistaken for one."""
    logged = log(2)
    return len(logged.written.steps.get("input", [])) < logged.batches


@check(
    task="log_batches",
    points=3,
    visibility="hidden",
    title={
        "en": "log_batches returns the number of steps written",
        "zh": "log_batches 返回写了多少步",
    },
    needs=("log_steps",),
)
def test_log_count(log):
    for limit, expected in ((None, 2), (2, 2)):
        assert_equal(
            log(limit).count,
            expected,
            misconceptions={"counts-last-index": lambda steps=expected: steps - 1},
            what={"en": "the value of log_batches", "zh": "log_batches 的返回值"},
        )


@check(
    task="log_batches",
    points=2,
    visibility="hidden",
    title={
        "en": "log_batches takes a DataLoader",
        "zh": "log_batches 能处理 DataLoader",
    },
    needs=("log_steps",),
)
def test_log_loader(log):
    logged = log()
    for tag in ("input", "output"):
        written = logged.written.steps.get(tag, [])
        assert_equal(len(written), logged.batches, what=_count_under(tag))


@check(
    task="log_batches",
    points=2,
    visibility="hidden",
    title={"en": "log_batches closes its writer", "zh": "log_batches 会关闭 writer"},
    hint={
        "en": "`writer.close()` after the loop, or `with SummaryWriter(log_dir) as writer:`.",
        "zh": "循环之后 `writer.close()`，或者 `with SummaryWriter(log_dir) as writer:`。",
    },
    needs=("log_steps",),
)
def test_log_closes(log):
    for limit in (None, 2):
        assert_true(
            log(limit).left_open == 0,
            en="the SummaryWriter was not closed.",
            zh="SummaryWriter 没有关闭。",
            misconception="writer-left-open",
        )
    assert_true(bool(log().written.steps), en="nothing was written.", zh="什么也没有写。")


@check(
    task="log_batches",
    points=1,
    visibility="hidden",
    title={
        "en": "log_batches leaves the network and the images as they were",
        "zh": "log_batches 不改变网络和图像",
    },
    needs=("log_steps",),
)
def test_log_keeps_net(log, weights):
    logged = log(9)
    assert_true(
        not logged.changed,
        en="the call modified the images that it logs; work on a copy.",
        zh="调用修改了要记录的图像；请改用新的张量。",
        misconception="modifies-input",
    )
    assert_close(
        logged.weights,
        weights,
        what={"en": "the parameters, after logging", "zh": "写完之后的参数"},
    )
