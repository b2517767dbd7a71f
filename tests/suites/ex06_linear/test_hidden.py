"""ex06: the checks that learners see by title only."""

from __future__ import annotations

import math

import pytest
import torch

from grader.session import (
    assert_close,
    assert_equal,
    assert_raises,
    assert_shape,
    assert_true,
    check,
    gradients,
    is_instance,
    require_gradient,
    unchanged,
)

# The network has two million weights. To draw them takes longer than all other checks together, and
# to send them to and fro as well: so they are zeros, or made where the network is.
HELPERS = """
import torch
from torch.nn import init
from torch.utils.data import Dataset, TensorDataset

def without_random_weights(network):
    draw = init.kaiming_uniform_
    init.kaiming_uniform_ = lambda weight, *_, **__: init.zeros_(weight)
    try:
        return network()
    finally:
        init.kaiming_uniform_ = draw

def with_weights(network, rows, columns, bias):
    net = without_random_weights(network).to(bias.device, bias.dtype)
    net.linear_1.load_state_dict({"weight": torch.outer(rows, columns), "bias": bias})
    return net

def pairs(images, targets):
    return TensorDataset(images, targets)

class Numbered(Dataset):
    '''Sample i is a row of i, with its target 10 * i.'''

    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        if not 0 <= index < self.count:
            raise IndexError(index)
        return torch.full((3,), float(index)), 10 * index
"""
BATCH = 64 * 3 * 32 * 32
# In float64 the order of the products does not matter here, and float32 on the way does.
EXACT = {"rtol": 1e-10, "atol": 1e-10}


@check(
    task="linear_net",
    points=8,
    visibility="hidden",
    title={
        "en": "linear_1 is a Linear from 196608 to 10, with a bias",
        "zh": "linear_1 是从 196608 到 10、带偏置的 Linear",
    },
    hint={
        "en": "Let Python multiply: 64 * 3 * 32 * 32.",
        "zh": "让 Python 来做乘法：64 * 3 * 32 * 32。",
    },
)
def test_linear_net_layer(student, define):
    layer = define(HELPERS).without_random_weights(student.LinearNet).linear_1
    assert_true(
        is_instance(layer, "torch.nn.Linear"),
        en="linear_1 is not an nn.Linear.",
        zh="linear_1 不是 nn.Linear。",
    )
    assert_equal(
        layer.in_features,
        BATCH,
        misconceptions={
            "one-image-only": lambda: 3 * 32 * 32,
            "digits-mixed-up": lambda: 199608,
            "in-and-out-swapped": lambda: 10,
        },
        what="linear_1.in_features",
    )
    assert_equal(layer.out_features, 10, what="linear_1.out_features")
    assert_true(
        layer.bias is not None,
        en="linear_1 has no bias; without `bias=False` it gets one.",
        zh="linear_1 没有偏置；不写 `bias=False` 就会有。",
    )
    assert_shape(layer.bias, (10,))


@check(
    task="linear_net",
    points=12,
    visibility="hidden",
    title={
        "en": "With the same weights, also in float64, LinearNet gives the same ten numbers as the "
        "reference, and gradients reach its input",
        "zh": "权重相同时（float64 也一样），LinearNet 的十个输出与参考答案一致，"
        "梯度能传到它的输入",
    },
    hint={
        "en": "`forward` returns what linear_1 gives, and does nothing else.",
        "zh": "`forward` 直接返回 linear_1 的结果，不做别的。",
    },
    needs=("linear_net_shape", "linear_net_layer"),
)
def test_linear_net_same_weights(student, define, integers):
    # Whole numbers: their sums are exact, in whatever order they are added up.
    rows, columns, bias, x = (
        integers(-3, 4, (count,)).double() for count in (10, BATCH, 10, BATCH)
    )
    net = define(HELPERS).with_weights(student.LinearNet, rows, columns, bias)
    right = rows * (columns @ x) + bias
    assert_close(
        require_gradient(net, x),
        right,
        misconceptions={
            "relu-added": right.relu,
            "softmax-added": lambda: right.softmax(dim=0),
            "one-row-left": lambda: right[None],
            "returns-input": lambda: x,
        },
    )


@check(
    task="flatten",
    points=4,
    visibility="hidden",
    title={
        "en": "flatten_all keeps every value in its order, for any batch and size",
        "zh": "对任何批次和大小，flatten_all 都保留所有数值和顺序",
    },
    needs=("flatten_all_example",),
)
def test_flatten_all_values(student, randn, rng):
    # One image comes last: there one row of all and one row of each image are the same.
    for count in (rng.randint(2, 5), 1):
        images = randn(count, 3, rng.randint(3, 5), rng.randint(6, 8))
        assert_close(
            student.flatten_all(images),
            images.reshape(-1),
            misconceptions={
                "images-kept-apart": lambda x=images: x.reshape(x.shape[0], -1),
                "one-row-left": lambda x=images: x.reshape(1, -1),
                "order-changed": lambda x=images: x.permute(0, 2, 3, 1).reshape(-1),
            },
        )


@check(
    task="flatten",
    points=5,
    visibility="hidden",
    title={
        "en": "flatten_each makes one row of each image, for any batch and size",
        "zh": "对任何批次和大小，flatten_each 都把每张图变成一行",
    },
    needs=("flatten_each_example",),
)
def test_flatten_each_values(student, randn, rng):
    images = randn(rng.randint(2, 5), 3, rng.randint(3, 5), rng.randint(6, 8))
    count = images.shape[0]
    assert_close(
        student.flatten_each(images),
        images.reshape(count, -1),
        misconceptions={
            "batch-flattened-too": lambda: images.reshape(-1),
            "channels-kept-apart": lambda: images.reshape(count, 3, -1),
            "order-changed": lambda: images.permute(0, 2, 3, 1).reshape(count, -1),
        },
    )


@check(
    task="flatten",
    points=3,
    visibility="hidden",
    title={
        "en": "flatten_each of one image has one row",
        "zh": "只有一张图时，flatten_each 的结果有一行",
    },
    needs=("flatten_each_example",),
)
def test_flatten_each_one_image(student, randn):
    for image in (randn(1, 3, 5, 4), randn(1, 1, 6, 2)):
        assert_close(
            student.flatten_each(image),
            image.reshape(1, -1),
            misconceptions={
                "batch-dimension-lost": lambda x=image: x.reshape(-1),
                "channels-kept-apart": lambda x=image: x.reshape(1, x.shape[1], -1),
            },
        )


@check(
    task="flatten",
    points={"flatten_all": 2, "flatten_each": 2},
    visibility="hidden",
    title={
        "en": "{name} takes images that do not lie in memory row by row, of any dtype",
        "zh": "{name} 能处理内存中不连续的图像，dtype 任意",
    },
    hint={
        "en": "`view` needs contiguous memory; `reshape` and `flatten` do not.",
        "zh": "`view` 要求内存连续，`reshape` 和 `flatten` 不要求。",
    },
    needs={name: (f"{name}_example",) for name in ("flatten_all", "flatten_each")},
)
@pytest.mark.parametrize("name", ["flatten_all", "flatten_each"])
def test_flatten_not_contiguous(student, reference, randn, integers, name):
    # As pictures come from a file: height, width, channels.
    shape = (3, 4, 5, 2)
    for stored in (randn(*shape, dtype=torch.float64), integers(0, 256, shape, torch.uint8)):
        images = stored.permute(0, 3, 1, 2)
        answer = unchanged(getattr(student, name), images)
        right = getattr(reference, name)(images)
        mistakes = {"result-always-float32": lambda right=right: right.to(torch.float32)}
        assert_close(answer, right, misconceptions=mistakes)


@check(
    task="flatten",
    points={"flatten_all": 1.5, "flatten_each": 1.5},
    visibility="hidden",
    title={"en": "Gradients flow through {name}", "zh": "梯度能穿过 {name}"},
    needs={name: (f"{name}_example",) for name in ("flatten_all", "flatten_each")},
)
@pytest.mark.parametrize("name", ["flatten_all", "flatten_each"])
def test_flatten_gradients(student, reference, randn, name):
    images = randn(2, 3, 2, 4)
    answer, (grad,) = gradients(getattr(student, name), images)
    right, (right_grad,) = gradients(getattr(reference, name), images)
    assert_close(answer, right)
    assert_close(grad, right_grad)


@check(
    task="linear",
    points=6,
    visibility="hidden",
    title={
        "en": "linear takes x of any number of dimensions",
        "zh": "x 的维数任意，linear 都正确",
    },
    hint={
        "en": "Only the last dimension is used up; all others stay as they are.",
        "zh": "只有最后一维参与求和，其他各维保持不变。",
    },
    needs=("linear_example",),
)
def test_linear_dimensions(student, reference, randn, rng):
    inputs, outputs = rng.sample([3, 4, 5, 6], 2)
    weight = randn(outputs, inputs, dtype=torch.float64)
    bias = randn(outputs, dtype=torch.float64)
    for shape in ((), (7,), (2, 3), (2, 1, 3)):
        x = randn(*shape, inputs, dtype=torch.float64)
        assert_close(
            student.linear(x, weight, bias),
            reference.linear(x, weight, bias),
            misconceptions={
                "bias-left-out": lambda x=x: reference.linear(x, weight),
                "bias-subtracted": lambda x=x: reference.linear(x, weight, -bias),
            },
            **EXACT,
        )


@check(
    task="linear",
    points=4,
    visibility="hidden",
    title={
        "en": "Row o of a square weight belongs to output o",
        "zh": "方形权重的第 o 行属于第 o 个输出",
    },
    hint={
        "en": "A square `weight` hides a missing transpose: no error, other numbers.",
        "zh": "方形的 `weight` 会掩盖漏掉的转置：不报错，但数值不同。",
    },
    needs=("linear_example",),
)
def test_linear_square(student, reference, randn, rng):
    side = rng.randint(3, 6)
    x, weight, bias = (
        randn(*s, dtype=torch.float64) for s in ((side, side), (side, side), (side,))
    )
    assert_close(
        student.linear(x, weight, bias),
        reference.linear(x, weight, bias),
        misconceptions={"weight-not-transposed": lambda: x @ weight + bias},
        **EXACT,
    )


@check(
    task="linear",
    points=3,
    visibility="hidden",
    title={
        "en": "linear works without a bias, and keeps float32 and float64",
        "zh": "没有偏置时 linear 也能用，并且保持 float32 和 float64",
    },
    hint={
        "en": "`bias=None` means that nothing is added.",
        "zh": "`bias=None` 表示不加任何东西。",
    },
    needs=("linear_example",),
)
def test_linear_without_bias(student, reference, randn):
    for dtype in (torch.float32, torch.float64):
        x, weight = randn(5, 3, dtype=dtype), randn(4, 3, dtype=dtype)
        right = reference.linear(x, weight)
        mistakes = {"result-always-float32": lambda right=right: right.to(torch.float32)}
        for given in ({}, {"bias": None}):
            answer = student.linear(x, weight, **given)
            # A result in float32 is off by more, and told by its dtype.
            within = EXACT if getattr(answer, "dtype", None) == torch.float64 else {}
            assert_close(answer, right, misconceptions=mistakes, **within)


@check(
    task="linear",
    points=3,
    visibility="hidden",
    title={
        "en": "linear leaves its inputs as they were, and gradients reach all three",
        "zh": "linear 不修改输入，梯度能传到三个输入",
    },
    needs=("linear_example",),
)
def test_linear_gradients(student, reference, randn):
    given = [randn(*shape, dtype=torch.float64) for shape in ((2, 4, 3), (5, 3), (5,))]
    given[0] = given[0].transpose(0, 1)
    assert_close(unchanged(student.linear, *given), reference.linear(*given), **EXACT)
    _, grads = gradients(student.linear, *given)
    _, right = gradients(reference.linear, *given)
    for name, grad, right_grad in zip(("x", "weight", "bias"), grads, right, strict=True):
        assert_close(
            grad,
            right_grad,
            misconceptions={"cuts-the-graph": lambda: None},
            what={"en": f"the gradient of {name}", "zh": f"{name} 的梯度"},
            **EXACT,
        )


@check(
    task="linear",
    points=3,
    visibility="hidden",
    title={
        "en": "Shapes that do not fit raise ValueError, and the message names the argument",
        "zh": "形状不匹配时抛出 ValueError，并写出参数名",
    },
    hint={
        "en": "Compare the shapes first: a length of 1 would stretch without an error. The message "
        "says which of x, weight and bias does not fit.",
        "zh": "先比较形状：长度为 1 的维度会自动扩展，不会报错。"
        "信息里写出 x、weight、bias 中是哪一个不匹配。",
    },
    needs=("linear_example",),
)
def test_linear_errors(student, randn):
    weight, bias = randn(4, 3), randn(4)
    # Either of the two may be said to be at fault.
    product = ("x", "weight")
    assert_raises(ValueError, student.linear, randn(2, 5), weight, bias, names=product)
    assert_raises(ValueError, student.linear, randn(4), weight, names=product)
    # These stretch by broadcasting where products are added up without a matrix product.
    assert_raises(ValueError, student.linear, randn(2, 1), weight, bias, names=product)
    assert_raises(ValueError, student.linear, randn(2, 3), randn(4, 1), bias, names=product)
    # And all of these but the first two, wherever a bias is added.
    for shape in ((3,), (5,), (1,)):
        assert_raises(ValueError, student.linear, randn(2, 3), weight, randn(*shape), names="bias")
    # One row would become three.
    assert_raises(ValueError, student.linear, randn(3), weight, randn(3, 4), names="bias")


@check(
    task="loader",
    points=3,
    visibility="hidden",
    title={
        "en": "count_batches with drop_last counts the full batches only",
        "zh": "drop_last 为真时，count_batches 只数满的批次",
    },
    needs=("count_example",),
)
def test_count_drop(student, rng):
    size = rng.randint(5, 60)
    almost_full = rng.randint(size // 2 + 1, size - 1)
    for count in (size * rng.randint(3, 20) + almost_full, size * 7, size - 1):
        assert_equal(
            student.count_batches(count, size, drop_last=True),
            count // size,
            misconceptions={
                "short-batch-counted": lambda n=count: math.ceil(n / size),
                "always-one-more": lambda n=count: n // size + 1,
            },
        )


@check(
    task="loader",
    points=3,
    visibility="hidden",
    title={
        "en": "count_batches without drop_last counts the short batch too",
        "zh": "drop_last 为假时，count_batches 也数不满的批次",
    },
    hint={
        "en": "Try it where no sample is left over, and with 0 samples, which make 0 batches.",
        "zh": "试试刚好整除的情况，以及 0 个样本的情况：那就是 0 个批次。",
    },
    needs=("count_example",),
)
def test_count_keep(student, rng):
    size = rng.randint(5, 60)
    almost_empty = rng.randint(1, (size - 1) // 2)
    for count in (size * rng.randint(3, 20) + almost_empty, size * 7, size - 1, 0):
        assert_equal(
            student.count_batches(count, size, drop_last=False),
            math.ceil(count / size),
            misconceptions={
                "short-batch-dropped": lambda n=count: n // size,
                "always-one-more": lambda n=count: n // size + 1,
            },
        )
    assert_equal(student.count_batches(7, 1, drop_last=False), 7)


@check(
    task="loader",
    points=2,
    visibility="hidden",
    title={
        "en": "count_batches raises ValueError for what is out of range, and names it",
        "zh": "参数超出范围时，count_batches 抛出 ValueError 并写出参数名",
    },
    hint={
        "en": "No batch has fewer than 1 sample, and no data set fewer than 0.",
        "zh": "批次至少有 1 个样本，数据集至少有 0 个。",
    },
    needs=("count_example",),
)
def test_count_errors(student):
    for drop_last in (True, False):
        for size in (0, -3):
            assert_raises(ValueError, student.count_batches, 9, size, drop_last, names="batch_size")
        assert_raises(ValueError, student.count_batches, -1, 4, drop_last, names="n_samples")


def _loader(student, dataset, batch_size):
    loader = student.make_loader(dataset, batch_size)
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
    return loader


@check(
    task="loader",
    points=4,
    visibility="hidden",
    title={
        "en": "Every batch is full: what is left over is dropped, and nothing else",
        "zh": "每个批次都是满的：只舍去多余的样本",
    },
    hint={
        "en": "What is the last batch when the batch size divides the number of samples?",
        "zh": "样本数能被批次大小整除时，最后一个批次是什么样的？",
    },
    needs=("loader_example",),
)
def test_loader_sizes(student, define, rng):
    numbered = define(HELPERS).Numbered
    size = rng.randint(4, 9)
    for full, left_over in ((3, rng.randint(1, size - 1)), (2, 0), (0, size - 1)):
        count = full * size + left_over
        short = [left_over] if left_over else []
        assert_equal(
            [len(rows) for rows, _ in _loader(student, numbered(count), size)],
            [size] * full,
            misconceptions={
                "drop-last-left-out": lambda full=full, short=short: [size] * full + short,
                "batch-size-fixed": lambda count=count: [64] * (count // 64),
            },
            what={"en": "the sizes of the batches", "zh": "各批次的大小"},
        )


@check(
    task="loader",
    points=4,
    visibility="hidden",
    title={
        "en": "The samples come in their order, images with their own targets, every time",
        "zh": "样本按原有顺序给出，图像和标签对应，每次都一样",
    },
    needs=("loader_example",),
)
def test_loader_order(student, define, images, integers):
    x, y = images(24, 1, 2, 2).cpu(), integers(0, 10, (24,)).cpu()
    loader = _loader(student, define(HELPERS).pairs(x, y), 8)
    for _ in range(2):
        batches = list(loader)
        assert_equal(len(batches), 3, what={"en": "the number of batches", "zh": "批次的个数"})
        got = torch.cat([batch[0] for batch in batches])
        same_values = torch.equal(got.flatten().sort().values, x.flatten().sort().values)
        mistake = {"loader-shuffles": lambda got=got, same=same_values: got if same else None}
        assert_close(got, x, misconceptions=mistake)
        assert_close(torch.cat([batch[1] for batch in batches]), y)


@check(
    task="loader",
    points=2,
    visibility="hidden",
    title={
        "en": "The loader starts no worker processes",
        "zh": "加载器不启动工作进程",
    },
    needs=("loader_example",),
)
def test_loader_no_workers(student, define):
    loader = _loader(student, define(HELPERS).Numbered(8), 4)
    assert_equal(len(list(loader)), 2, what={"en": "the number of batches", "zh": "批次的个数"})
