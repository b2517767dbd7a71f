"""ex07: the checks that learners see by title only."""

from __future__ import annotations

from typing import NamedTuple

import pytest
import torch
from torch.nn import functional as F

from grader.session import (
    assert_close,
    assert_equal,
    assert_shape,
    assert_true,
    buffers,
    check,
    fail,
    is_instance,
    parameters,
    read_events,
    require_gradient,
)

HELPERS = """
from tempfile import mkdtemp

import torch
from torch import nn
from torch.jit import _trace
from torch.utils.tensorboard import SummaryWriter

class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.inner = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU())

    def forward(self, x):
        return x + self.inner(x)

class Head(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels, 7))

    def forward(self, x):
        return x.mean(dim=(2, 3)) @ self.weight

def picture_net(channels, side, outputs):
    inside = (side - 2) // 2
    return nn.Sequential(
        nn.Conv2d(3, channels, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(channels * inside * inside, outputs),
    )

def with_blocks(channels):
    return nn.Sequential(
        nn.Conv2d(3, channels, 1),
        Residual(channels),
        nn.Sequential(nn.ReLU(), nn.AvgPool2d(2)),
        Head(channels),
    )

def without_parameters():
    return nn.Sequential(nn.Tanh(), nn.MaxPool2d(2))

def same_class(channels):
    return nn.Sequential(
        nn.Conv2d(3, channels, 3), nn.ReLU(), nn.Conv2d(channels, 5, 3), nn.ReLU()
    )

def normalised(training):
    norm = nn.BatchNorm2d(4)
    with torch.no_grad():
        norm.running_mean.normal_()
        norm.running_var.uniform_(0.5, 2.0)
    net = nn.Sequential(nn.Conv2d(3, 4, 3), norm, nn.Dropout(0.5), nn.Flatten(), nn.Linear(64, 5))
    return net.train(training)

def ignore(*_):
    pass

def hooked():
    net = normalised(True)
    net[0].register_forward_hook(ignore)
    net[1].register_forward_pre_hook(ignore)
    return net

def modes(model):
    return [layer.training for layer in model.modules()]

def hooks(model):
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return [[len(getattr(layer, kind)) for kind in kinds] for layer in model.modules()]

def trainable(model):
    return [parameter.requires_grad for parameter in model.parameters()]

SEEN = []

class Recorder(nn.Module):
    '''Notes the shapes that it is called with.'''

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        SEEN.append([int(side) for side in x.shape])
        return x.flatten(1).sum(1) * self.scale

def seen():
    return SEEN

def call(function, *args, **kwargs):
    '''Call; return how many writers were left open, which are then closed.'''
    made, create, compare = [], SummaryWriter.__init__, _trace._check_trace

    def remember(self, *args, **kwargs):
        made.append(self)
        create(self, *args, **kwargs)

    SummaryWriter.__init__ = remember
    _trace._check_trace = lambda *_, **__: None
    try:
        # The graph is the same without torch's optimiser, whose start takes longer than the rest,
        # and without a second run by which torch compares it with itself.
        with torch.jit.optimized_execution(False):
            function(*args, **kwargs)
    finally:
        SummaryWriter.__init__, _trace._check_trace = create, compare
    left_open = [writer for writer in made if writer.all_writers is not None]
    for writer in left_open:
        writer.close()
    return len(left_open)
"""
KINDS = (
    "Conv2d",
    "MaxPool2d",
    "Conv2d",
    "MaxPool2d",
    "Conv2d",
    "MaxPool2d",
    "Flatten",
    "Linear",
    "Linear",
)
CHANNELS = {0: (3, 32), 2: (32, 32), 4: (32, 64)}
SURPLUS = {
    "ReLU": "relu-added",
    "Softmax": "softmax-added",
    "LogSoftmax": "log-softmax-added",
}


@check(
    task="net",
    points=8,
    visibility="hidden",
    title={
        "en": "model_1 is a Sequential of the nine layers, in their order",
        "zh": "model_1 是按顺序由九个层组成的 Sequential",
    },
    hint={
        "en": "Compare your list with the text, line by line; padding 2 in each convolution.",
        "zh": "把你的列表和说明逐行对照；每个卷积层的 padding 都是 2。",
    },
)
def test_net_layers(student, randn, device):
    model = student.Cifar10Net().to(device).model_1
    assert_true(
        is_instance(model, "torch.nn.Sequential"),
        en="model_1 is not an nn.Sequential.",
        zh="model_1 不是 nn.Sequential。",
    )
    layers = [model[index] for index in range(min(len(model), 30))]
    if len(layers) != len(KINDS) or not all(map(_is_a, layers, KINDS)):
        surplus = (name for kind, name in SURPLUS.items() for each in layers if _is_a(each, kind))
        no_flatten = not any(_is_a(each, "Flatten") for each in layers)
        fail(
            f"the {len(layers)} layers of model_1 are not the nine of the text.",
            f"model_1 的 {len(layers)} 个层不是说明里的九个层。",
            misconception=next(surplus, "flatten-left-out" if no_flatten else None),
        )
    for index, (inputs, outputs) in CHANNELS.items():
        assert_shape(
            layers[index](randn(1, inputs, 8, 8)),
            (1, outputs, 8, 8),
            misconceptions={
                "padding-left-out": lambda n=outputs: (1, n, 4, 4),
                "last-convolution-32": lambda i=index: (1, 32, 8, 8) if i == 4 else None,
            },
        )


def _is_a(layer, kind):
    return is_instance(layer, f"torch.nn.{kind}")


@check(
    task="net",
    points=8,
    visibility="hidden",
    title={
        "en": "Cifar10Net has 145,578 parameters",
        "zh": "Cifar10Net 有 145,578 个参数",
    },
    hint={
        "en": "A shape says nothing about layers that are created and never used.",
        "zh": "形状看不出创建了却从未使用的层。",
    },
    needs=("net_layers",),
)
def test_net_parameters(student):
    count = sum(each.numel() for each in parameters(student.Cifar10Net()).values())
    assert_equal(
        count,
        145_578,
        misconceptions={
            "layers-kept-twice": lambda: 2 * 145_578,
            "last-convolution-32": lambda: 145_578 - 32 * (32 * 25 + 1) - 512 * 64,
        },
        what={"en": "the number of parameters", "zh": "参数个数"},
    )


@check(
    task="net",
    points=8,
    visibility="hidden",
    title={
        "en": "With the same weights Cifar10Net gives the same ten numbers as the reference, and "
        "gradients reach its input",
        "zh": "权重相同时，Cifar10Net 的十个输出与参考答案一致，梯度能传到它的输入",
    },
    hint={
        "en": "`forward` returns what model_1 gives, and does nothing else.",
        "zh": "`forward` 直接返回 model_1 的结果，不做别的。",
    },
    needs=("net_shape", "net_layers"),
)
def test_net_same_weights(student, reference, randn, device):
    # In float64: the order in which products are added up does not matter there.
    net, expected = (each.Cifar10Net().to(device).double() for each in (student, reference))
    for index, layer in enumerate(expected.model_1):
        if layer.state_dict():
            net.model_1[index].load_state_dict(layer.state_dict())
    x = randn(1, 3, 32, 32, dtype=torch.float64)
    with torch.no_grad():
        right = expected(x)
    assert_close(
        require_gradient(net, x),
        right,
        misconceptions={
            "relu-added": right.relu,
            "softmax-added": lambda: right.softmax(dim=1),
            "log-softmax-added": lambda: F.log_softmax(right, dim=1),
        },
    )


@check(
    task="net",
    points=4,
    visibility="hidden",
    title={
        "en": "Cifar10Net keeps the batch: one image, and other numbers of images",
        "zh": "Cifar10Net 保持批次大小：一张图或其他数量的图",
    },
    hint={
        "en": "`nn.Flatten()` begins at dimension 1; write no 64 for the batch into the code.",
        "zh": "`nn.Flatten()` 从第 1 维开始；不要把批次大小 64 写进代码。",
    },
    needs=("net_shape",),
)
def test_net_batch_sizes(student, images, device, rng):
    net = student.Cifar10Net().to(device)
    for count in (1, rng.randint(2, 5)):
        assert_shape(net(images(count, 3, 32, 32)), (count, 10))


def _plain(rows):
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
    task="trace",
    points=5,
    visibility="hidden",
    title={
        "en": "trace_shapes gives class and shape for each layer, in order",
        "zh": "trace_shapes 按顺序给出每一层的类名和形状",
    },
    needs=("trace_example",),
)
def test_trace_values(student, define, rng):
    count, channels, outputs = rng.randint(2, 5), rng.randint(4, 9), rng.randint(11, 20)
    side = 2 * rng.randint(5, 8)
    inside = (side - 2) // 2
    shapes = [
        (count, channels, side - 2, side - 2),
        (count, channels, side - 2, side - 2),
        (count, channels, inside, inside),
        (count, channels * inside * inside),
        (count, outputs),
    ]
    classes = ["Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear"]
    size = (count, 3, side, side)
    model = define(HELPERS).picture_net(channels, side, outputs)
    right = list(zip(classes, shapes, strict=True))
    rows = _plain(student.trace_shapes(model, size))
    assert_equal(
        rows,
        right,
        misconceptions={
            "input-listed": lambda: [rows[0], *right] if isinstance(rows, list) else None,
            "names-instead-of-classes": lambda: list(zip("01234", shapes, strict=True)),
            "shape-before-layer": lambda: list(zip(classes, [size, *shapes], strict=False)),
        },
    )


@check(
    task="trace",
    points=3,
    visibility="hidden",
    title={
        "en": "trace_shapes takes layers of any class, and models without parameters",
        "zh": "trace_shapes 能处理任意类的层，也能处理没有参数的模型",
    },
    hint={
        "en": "A layer that holds others is one row.",
        "zh": "内部含有其他层的层只算一行。",
    },
    needs=("trace_example",),
)
def test_trace_any_class(student, define, rng):
    helpers, channels, count = define(HELPERS), rng.randint(4, 9), rng.randint(1, 4)
    inner, pooled = (count, channels, 6, 6), (count, channels, 3, 3)
    first, residual, last = ("Conv2d", inner), ("Residual", inner), ("Head", (count, 7))
    held = [("ReLU", inner), ("AvgPool2d", pooled)]
    leaves = [first, first, ("ReLU", inner), *held, last]
    rows = _plain(student.trace_shapes(helpers.with_blocks(channels), (count, 3, 6, 6)))
    assert_equal(
        rows,
        [first, residual, ("Sequential", pooled), last],
        misconceptions={
            "leaves-instead-of-layers": lambda: (
                rows if rows in (leaves, [first, residual, *held, last]) else None
            )
        },
    )
    assert_equal(
        _plain(student.trace_shapes(helpers.without_parameters(), (count, 2, 4, 8))),
        [("Tanh", (count, 2, 4, 8)), ("MaxPool2d", (count, 2, 2, 4))],
    )


@check(
    task="trace",
    points=2,
    visibility="hidden",
    title={
        "en": "Two layers of the same class give two rows",
        "zh": "同一个类的两个层给出两行",
    },
    hint={
        "en": "Collect the rows in a list, and `append` one for each layer.",
        "zh": "用列表收集各行，每一层 `append` 一行。",
    },
    needs=("trace_example",),
)
def test_trace_same_class(student, define, rng):
    channels = rng.randint(6, 9)
    rows = [
        ("Conv2d", (2, channels, 6, 6)),
        ("ReLU", (2, channels, 6, 6)),
        ("Conv2d", (2, 5, 4, 4)),
        ("ReLU", (2, 5, 4, 4)),
    ]
    assert_equal(
        _plain(student.trace_shapes(define(HELPERS).same_class(channels), (2, 3, 8, 8))),
        rows,
        misconceptions={"same-class-once": lambda: rows[2:]},
    )


@check(
    task="trace",
    points=3,
    visibility="hidden",
    title={
        "en": "trace_shapes leaves parameters and buffers as they were",
        "zh": "trace_shapes 不改变参数和 buffer",
    },
    hint={
        "en": "`model.eval()` and `torch.no_grad()` while it runs; set no parameter.",
        "zh": "运行期间使用 `model.eval()` 和 `torch.no_grad()`；不要改任何参数。",
    },
    needs=("trace_example",),
)
def test_trace_keeps_state(student, define):
    helpers = define(HELPERS)
    for training in (True, False):
        model = helpers.normalised(training)
        before, stored = parameters(model), buffers(model)
        _trace(student, model)
        assert_close(parameters(model), before)
        now = buffers(model)
        kept = list(now) == list(stored) and all(torch.equal(now[n], stored[n]) for n in stored)
        assert_true(
            kept,
            en="the running statistics of a BatchNorm were changed.",
            zh="BatchNorm 的滑动统计量被改变了。",
            misconception="statistics-moved",
        )
        assert_true(
            all(helpers.trainable(model)),
            en="parameters that could be trained no longer can.",
            zh="原本可以训练的参数现在不能训练了。",
            misconception="gradients-switched-off",
        )


def _trace(student, model):
    rows = student.trace_shapes(model, (2, 3, 6, 6))
    assert_true(
        isinstance(rows, list) and len(rows) == 5,
        en="trace_shapes did not give one row for each layer.",
        zh="trace_shapes 没有给每一层一行。",
    )


@check(
    task="trace",
    points=3,
    visibility="hidden",
    title={
        "en": "trace_shapes leaves the mode as it was, train or eval",
        "zh": "trace_shapes 不改变模式，无论是 train 还是 eval",
    },
    needs=("trace_example",),
)
def test_trace_keeps_mode(student, define):
    helpers = define(HELPERS)
    for training in (True, False):
        model = helpers.normalised(training)
        _trace(student, model)
        now = helpers.modes(model)
        assert_true(
            now == [training] * len(now),
            en="model or layers are in another mode than before.",
            zh="模型或其中的层的模式和之前不一样。",
            misconception="mode-changed",
        )


@check(
    task="trace",
    points=2,
    visibility="hidden",
    title={
        "en": "trace_shapes leaves the hooks as they were",
        "zh": "trace_shapes 不改变 hook",
    },
    hint={
        "en": "Remove each hook of yours by its own handle, `handle.remove()`, and no other.",
        "zh": "自己加的每个 hook 用它的 `handle.remove()` 移除，别的不要动。",
    },
    needs=("trace_example",),
)
def test_trace_keeps_hooks(student, define):
    helpers = define(HELPERS)
    model = helpers.hooked()
    before = helpers.hooks(model)
    _trace(student, model)
    now = helpers.hooks(model)
    more = sum(map(sum, now)) > sum(map(sum, before))
    assert_true(
        now == before,
        en="the hooks of the model are not those that it had.",
        zh="模型的 hook 和原来的不一样。",
        misconception="hooks-left-behind" if more else None,
    )


class Logged(NamedTuple):
    """What one call of log_graph wrote, and what it left behind."""

    has_graph: bool
    seen: list[list[int]]
    """The shapes that the model was run with."""
    wanted: list[int]
    left_open: int
    """How many writers it left open."""


@pytest.fixture(scope="session")
def log(once, student, define, integers):
    """Give a function that logs a graph, once for all checks."""

    def call(case):
        helpers = define(HELPERS)
        count, side = integers(2, 6, (1,)).item(), integers(6, 10, (1,)).item()
        size = (count, 1, side, 5) if case == "given" else (64, 3, 32, 32)
        given = {"input_size": size} if case == "given" else {}
        folder = helpers.mkdtemp()
        left_open = helpers.call(student.log_graph, helpers.Recorder(), folder, **given)
        has_graph = read_events(student, folder).has_graph
        return Logged(has_graph, helpers.seen(), list(size), left_open)

    return lambda case: once(f"log {case}", lambda: call(case))


def _require_graph(logged):
    assert_true(
        logged.has_graph,
        en="there is no graph in the folder.",
        zh="文件夹里没有计算图。",
        misconception="no-graph",
    )


@check(
    task="graph",
    points={"given": 5, "default": 4},
    visibility="hidden",
    title={
        "en": "The graph is that of the model, run on input_size: {case}",
        "zh": "写出的是这个模型的计算图，用 input_size 运行：{case}",
    },
    hint={
        "en": "`torch.zeros(input_size)` makes a tensor of that shape.",
        "zh": "`torch.zeros(input_size)` 生成该形状的张量。",
    },
    needs=("graph_example",),
)
@pytest.mark.parametrize("case", ["given", "default"])
def test_graph_input_size(log, case):
    logged = log(case)
    _require_graph(logged)
    seen, wanted = logged.seen, logged.wanted
    assert_true(
        bool(seen),
        en="the model that was passed in was not run.",
        zh="没有运行传进来的模型。",
        misconception="other-model",
    )
    assert_true(
        wanted in seen,
        en=f"the model should have run on {wanted}; it ran on {seen[0]}.",
        zh=f"模型应当用 {wanted} 运行，实际用的是 {seen[0]}。",
        misconception="input-size-ignored",
    )


@check(
    task="graph",
    points=5,
    visibility="hidden",
    title={"en": "log_graph closes its writer", "zh": "log_graph 会关闭 writer"},
    hint={
        "en": "`writer.close()` at the end, or `with SummaryWriter(log_dir) as writer:`.",
        "zh": "最后调用 `writer.close()`，或者 `with SummaryWriter(log_dir) as writer:`。",
    },
    needs=("graph_example",),
)
def test_graph_closes(log):
    logged = log("default")
    assert_true(
        logged.left_open == 0,
        en="the SummaryWriter was not closed.",
        zh="SummaryWriter 没有关闭。",
        misconception="writer-left-open",
    )
    _require_graph(logged)
