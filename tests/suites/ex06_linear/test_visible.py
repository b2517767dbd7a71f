"""ex06: the checks that learners can read."""

from __future__ import annotations

import torch

from grader.session import assert_close, assert_equal, assert_shape, assert_true, check, is_instance

# The network has two million weights. To draw them takes longer than all other checks together, and
# none looks at them: so they are zeros.
HELPERS = """
import torch
from torch.nn import init
from torch.utils.data import TensorDataset

def without_random_weights(network):
    draw = init.kaiming_uniform_
    init.kaiming_uniform_ = lambda weight, *_, **__: init.zeros_(weight)
    try:
        return network()
    finally:
        init.kaiming_uniform_ = draw

def numbered(count):
    return TensorDataset(torch.arange(count), torch.zeros(count))
"""


@check(
    task="linear_net",
    points=5,
    title={
        "en": "LinearNet maps a vector of 196608 numbers to 10",
        "zh": "LinearNet 把 196608 个数的向量变成 10 个数",
    },
    hint={
        "en": "196608 = 64 * 3 * 32 * 32: a whole batch is one vector.",
        "zh": "196608 = 64 * 3 * 32 * 32：整个批次是一个向量。",
    },
)
def test_linear_net_shape(student, define, images, device):
    net = define(HELPERS).without_random_weights(student.LinearNet)
    assert_true(
        is_instance(net, "torch.nn.Module"),
        en="LinearNet is not an nn.Module: the class must be written `class LinearNet(nn.Module)`.",
        zh="LinearNet 不是 nn.Module：类应写成 `class LinearNet(nn.Module)`。",
    )
    assert_shape(
        net.to(device)(images(196608)),
        (10,),
        misconceptions={"returns-input": lambda: (196608,), "one-row-left": lambda: (1, 10)},
    )


@check(
    task="flatten",
    points=3,
    title={
        "en": "flatten_all makes one vector of 12 numbers from 2x1x2x3",
        "zh": "flatten_all 把 2x1x2x3 变成 12 个数的向量",
    },
    hint={
        "en": "`reshape` with -1 counts the numbers for you.",
        "zh": "在 `reshape` 里写 -1，会自动算出个数。",
    },
)
def test_flatten_all_example(student, device):
    images = torch.arange(12.0, device=device).reshape(2, 1, 2, 3)
    assert_close(
        student.flatten_all(images),
        torch.arange(12.0, device=device),
        misconceptions={
            "images-kept-apart": lambda: images.reshape(2, 6),
            "one-row-left": lambda: images.reshape(1, 12),
        },
        what="flatten_all(images)",
    )


@check(
    task="flatten",
    points=3,
    title={
        "en": "flatten_each makes 2 rows of 6 numbers from 2x1x2x3",
        "zh": "flatten_each 把 2x1x2x3 变成 2 行，每行 6 个数",
    },
    hint={
        "en": "`torch.flatten(images, start_dim=1)`: dimension 0 counts the images.",
        "zh": "`torch.flatten(images, start_dim=1)`：第 0 维是图像的数量。",
    },
)
def test_flatten_each_example(student, device):
    images = torch.arange(12.0, device=device).reshape(2, 1, 2, 3)
    assert_close(
        student.flatten_each(images),
        torch.arange(12.0, device=device).reshape(2, 6),
        misconceptions={
            "batch-flattened-too": lambda: images.reshape(-1),
            "channels-kept-apart": lambda: images.reshape(2, 1, 6),
        },
        what="flatten_each(images)",
    )


@check(
    task="linear",
    points=6,
    title={
        "en": "linear gives the numbers of the text: 8 and -1",
        "zh": "linear 得到说明里的数字：8 和 -1",
    },
    hint={
        "en": "The first one: 1*2 + 2*0 + 3*1 + 3 = 8. `x @ weight.T` makes all products at once.",
        "zh": "第一个数：1*2 + 2*0 + 3*1 + 3 = 8。`x @ weight.T` 一次算出所有乘积。",
    },
)
def test_linear_example(student, device):
    x = torch.tensor([1.0, 2.0, 3.0], device=device)
    weight = torch.tensor([[2.0, 0.0, 1.0], [1.0, -1.0, 0.0]], device=device)
    bias = torch.tensor([3.0, 0.0], device=device)
    assert_close(
        student.linear(x, weight, bias),
        torch.tensor([8.0, -1.0], device=device),
        misconceptions={
            "bias-left-out": lambda: torch.tensor([5.0, -1.0], device=device),
            "bias-subtracted": lambda: torch.tensor([2.0, -1.0], device=device),
        },
        what="linear(x, weight, bias)",
    )


@check(
    task="loader",
    points=3,
    title={
        "en": "10 samples in batches of 4: 3 batches, or 2 with drop_last",
        "zh": "10 个样本，每批 4 个：3 个批次，用 drop_last 则是 2 个",
    },
    hint={
        "en": "10 / 4 = 2.5: rounded up it counts the short batch, rounded down it does not.",
        "zh": "10 / 4 = 2.5：向上取整会算上不满的批次，向下取整则不算。",
    },
)
def test_count_example(student):
    assert_equal(
        student.count_batches(10, 4, drop_last=False),
        3,
        misconceptions={"short-batch-dropped": lambda: 2},
        what="count_batches(10, 4, drop_last=False)",
    )
    assert_equal(
        student.count_batches(10, 4, drop_last=True),
        2,
        misconceptions={"short-batch-counted": lambda: 3},
        what="count_batches(10, 4, drop_last=True)",
    )


@check(
    task="loader",
    points=4,
    title={
        "en": "150 samples give 2 batches of 64, and no third one",
        "zh": "150 个样本给出 2 个 64 的批次，没有第三个",
    },
    hint={
        "en": "`DataLoader(dataset, batch_size=batch_size, drop_last=True)`.",
        "zh": "`DataLoader(dataset, batch_size=batch_size, drop_last=True)`。",
    },
)
def test_loader_example(student, define):
    loader = student.make_loader(define(HELPERS).numbered(150))
    assert_true(
        is_instance(loader, "torch.utils.data.DataLoader"),
        en="make_loader should return a DataLoader.",
        zh="make_loader 应当返回 DataLoader。",
    )
    workers = loader.num_workers
    assert_true(
        workers == 0,
        en=f"the loader starts {workers} processes.",
        zh=f"加载器会启动 {workers} 个进程。",
        misconception="worker-processes",
    )
    assert_equal(
        [len(numbers) for numbers, _ in loader],
        [64, 64],
        misconceptions={"drop-last-left-out": lambda: [64, 64, 22]},
        what={"en": "the sizes of the batches", "zh": "各批次的大小"},
    )
