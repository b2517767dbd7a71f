"""ex01: the checks that learners see by title only."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from grader.session import (
    assert_close,
    assert_equal,
    assert_raises,
    assert_same_gradients,
    assert_shape,
    assert_true,
    buffers,
    check,
    gradients,
    is_instance,
    load_tensors,
    parameters,
    require_gradient,
    unchanged,
)

HELPERS = """
from torch import nn

def frozen(inner):
    net = nn.Sequential(nn.Linear(4, inner), nn.Linear(inner, 2))
    net[0].requires_grad_(False)
    return net

def shared(side):
    first, second = nn.Linear(side, side), nn.Linear(side, side)
    second.weight = first.weight
    return nn.Sequential(first, nn.ReLU(), second)

def normalised(channels):
    return nn.Sequential(nn.Conv2d(3, channels, 3), nn.BatchNorm2d(channels))

def nested(inner):
    return nn.ModuleDict({"head": nn.Linear(inner, 1), "body": nn.Sequential(nn.Linear(2, inner))})

def trainable(net):
    return [parameter.requires_grad for parameter in net.parameters()]

def kernel_of_conv1(net):
    return getattr(getattr(net, "conv1", None), "kernel_size", None)

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


# Either argument may be called the one that does not fit, also by what it holds.
MISFIT = ("path", "model", "weights", "state", "state_dict", "权重", "模型")


@check(
    task="add_one",
    points=5,
    visibility="hidden",
    title={
        "en": "AddOne works for any shape, float32, float64 and integers",
        "zh": "AddOne 适用于任意形状，以及 float32、float64 和整数",
    },
    hint={
        "en": "`x + 1` keeps shape and dtype; nothing has to be converted.",
        "zh": "`x + 1` 会保持形状和 dtype，不需要转换。",
    },
    needs=("add_one_example",),
)
def test_add_one_shapes(student, randn, integers):
    add_one = student.AddOne()
    floats = (1000 * randn(7), randn(2, 3, 4, dtype=torch.float64), randn(3, 1, 5).transpose(0, 2))
    for x in (*floats, integers(-9, 9, (2, 3))):
        assert_close(add_one(x), x + 1, misconceptions={"returns-input": lambda x=x: x})


@check(
    task="add_one",
    points=4,
    visibility="hidden",
    title={"en": "AddOne leaves its input as it was", "zh": "AddOne 不修改输入"},
    needs=("add_one_example",),
)
def test_add_one_keeps_input(student, randn):
    x = randn(3, 4)
    answer = unchanged(student.AddOne(), x)
    assert_close(answer, x + 1, misconceptions={"returns-input": lambda: x})


@check(
    task="add_one",
    points=2,
    visibility="hidden",
    title={"en": "Gradients flow through AddOne", "zh": "梯度能穿过 AddOne"},
    needs=("add_one_example",),
)
def test_add_one_gradients(student, reference, randn):
    x = randn(3, 4)
    assert_same_gradients(gradients(student.AddOne(), x), gradients(reference.AddOne(), x))


@check(
    task="add_one",
    points=4,
    visibility="hidden",
    title={
        "en": "AddOne is an nn.Module without parameters and buffers",
        "zh": "AddOne 是没有参数、没有 buffer 的 nn.Module",
    },
    needs=("add_one_example",),
)
def test_add_one_no_state(student, randn):
    net = student.AddOne()
    assert_shape(net(randn(2, 2)), (2, 2))
    assert_true(
        is_instance(net, "torch.nn.Module"),
        en="AddOne is not an nn.Module: the class must be written `class AddOne(nn.Module)`.",
        zh="AddOne 不是 nn.Module：类应写成 `class AddOne(nn.Module)`。",
    )
    state = [*parameters(net), *buffers(net)]
    assert_true(
        not state,
        en=f"AddOne has parameters or buffers ({', '.join(state)}); it should have none.",
        zh=f"AddOne 有参数或 buffer（{', '.join(state)}），本来不应该有。",
        misconception="one-is-learned",
    )


@check(
    task="small_cnn",
    points=6,
    visibility="hidden",
    title={
        "en": "conv1 is a Conv2d from 3 to 16 channels with a kernel of 3",
        "zh": "conv1 是从 3 到 16 个通道、卷积核为 3 的 Conv2d",
    },
    hint={
        "en": "Stride and padding are left at their defaults, 1 and 0.",
        "zh": "步长和补零用默认值：1 和 0。",
    },
)
def test_small_cnn_conv1(student, images, device):
    net = student.SmallCNN().to(device)
    conv1 = net.conv1
    if is_instance(conv1, "torch.nn.LazyConv2d"):  # it finds its channels at the first call
        net(images(1, 3, 32, 32))
    assert_true(
        is_instance(conv1, "torch.nn.Conv2d"),
        en="conv1 is not an nn.Conv2d.",
        zh="conv1 不是 nn.Conv2d。",
    )
    assert_shape(conv1.weight, (16, 3, 3, 3))
    _require_bias(conv1, "conv1")
    x = images(2, 3, 12, 9)
    assert_close(conv1(x), F.conv2d(x, conv1.weight, conv1.bias))


def _require_bias(layer, name):
    assert_true(
        layer.bias is not None,
        en=f"{name} has no bias; the task leaves `bias` at its default, True.",
        zh=f"{name} 没有偏置；题目中 `bias` 用默认值 True。",
    )


@check(
    task="small_cnn",
    points=4,
    visibility="hidden",
    title={
        "en": "pool takes the largest of each 2x2 window",
        "zh": "pool 取每个 2x2 窗口中的最大值",
    },
)
def test_small_cnn_pool(student, randn):
    pool = student.SmallCNN().pool
    assert_true(
        is_instance(pool, "torch.nn.MaxPool2d"),
        en="pool is not an nn.MaxPool2d.",
        zh="pool 不是 nn.MaxPool2d。",
    )
    x = randn(2, 3, 8, 6)
    assert_close(pool(x), F.max_pool2d(x, 2, stride=2))


@check(
    task="small_cnn",
    points=6,
    visibility="hidden",
    title={
        "en": "fc takes exactly what one pooled image holds, and gives 10 numbers",
        "zh": "fc 的输入恰好是池化后一张图的全部数值，输出 10 个数",
    },
    hint={
        "en": "Each step changes the side: n - kernel + 1 for conv1, half of it for pool.",
        "zh": "每一步都会改变边长：conv1 后是 n - 卷积核 + 1，pool 后减半。",
    },
)
def test_small_cnn_fc(student, define, images, device):
    net = student.SmallCNN().to(device)
    fc = net.fc
    assert_true(
        is_instance(fc, "torch.nn.Linear"), en="fc is not an nn.Linear.", zh="fc 不是 nn.Linear。"
    )
    if fc.in_features == 0:  # nn.LazyLinear finds its size at the first call
        net(images(1, 3, 32, 32))
    mistakes = {
        "fc-for-30x30": lambda: 16 * 14 * 14,
        "fc-without-pool": lambda: 16 * 30 * 30,
        "fc-keeps-32": lambda: 16 * 16 * 16,
    }
    # With another kernel the same number has another cause.
    has_kernel_3 = define(HELPERS).kernel_of_conv1(net) == (3, 3)
    assert_equal(
        fc.in_features,
        16 * 15 * 15,
        misconceptions=mistakes if has_kernel_3 else None,
        what={"en": "fc.in_features", "zh": "fc.in_features"},
    )
    assert_equal(fc.out_features, 10, what={"en": "fc.out_features", "zh": "fc.out_features"})
    _require_bias(fc, "fc")


@check(
    task="small_cnn",
    points=9,
    visibility="hidden",
    title={
        "en": "With the same weights SmallCNN gives the same ten numbers as the reference",
        "zh": "权重相同时，SmallCNN 的十个输出与参考答案一致",
    },
    hint={
        "en": "The order is conv1, relu, pool, flatten, fc; nothing after fc.",
        "zh": "顺序是 conv1、relu、pool、flatten、fc；fc 之后什么也没有。",
    },
    needs=("small_cnn_output_shape", "small_cnn_conv1", "small_cnn_pool", "small_cnn_fc"),
)
def test_small_cnn_same_weights(student, reference, images, device):
    net, expected = student.SmallCNN().to(device), reference.SmallCNN().to(device)
    # Layer by layer: a layer more, or one that has two names, is no mistake.
    net.conv1.load_state_dict(expected.conv1.state_dict())
    net.fc.load_state_dict(expected.fc.state_dict())
    x = images(5, 3, 32, 32)
    with torch.no_grad():
        right = expected(x)
        no_relu = expected.fc(expected.pool(expected.conv1(x)).flatten(1))
    assert_close(
        net(x),
        right,
        misconceptions={
            "relu-left-out": lambda: no_relu,
            "relu-at-the-end": right.relu,
            "softmax-at-the-end": lambda: right.softmax(dim=1),
        },
    )


@check(
    task="small_cnn",
    points=3,
    visibility="hidden",
    title={
        "en": "SmallCNN leaves its input as it was, works in float64 too, and gradients reach its "
        "input and its weights",
        "zh": "SmallCNN 不修改输入，也能用 float64 计算，梯度能传到它的输入和权重",
    },
    needs=("small_cnn_output_shape",),
)
def test_small_cnn_trains(student, define, randn, device):
    net = student.SmallCNN().to(device)
    x = randn(3, 3, 32, 32)
    assert_shape(unchanged(net, x), (3, 10))
    require_gradient(net, x)
    idle = define(HELPERS).without_gradient(net, x, ["conv1", "fc"])
    assert_true(
        not idle,
        en=f"no gradient reaches {', '.join(idle)}, so training cannot change it.",
        zh=f"梯度没有传到 {', '.join(idle)}，训练就无法改变它。",
        misconception="cuts-the-graph",
    )


@check(
    task="small_cnn",
    points=4,
    visibility="hidden",
    title={
        "en": "SmallCNN keeps the batch: one image, and other numbers of images",
        "zh": "SmallCNN 保持批次大小：一张图或其他数量的图",
    },
    hint={
        "en": "Flatten from dimension 1 on; dimension 0 counts the images.",
        "zh": "从第 1 维开始展平；第 0 维是图像的数量。",
    },
    needs=("small_cnn_output_shape",),
)
def test_small_cnn_batch_sizes(student, images, device, rng):
    net = student.SmallCNN().to(device)
    for count in (1, rng.randint(2, 9)):
        assert_shape(net(images(count, 3, 32, 32)), (count, 10))


@check(
    task="count_parameters",
    points=4,
    visibility="hidden",
    title={"en": "Frozen parameters do not count", "zh": "冻结的参数不计入"},
    hint={
        "en": "A parameter that cannot be trained has `requires_grad` False.",
        "zh": "不能训练的参数，其 `requires_grad` 为 False。",
    },
    needs=("count_linear",),
)
def test_count_frozen(student, define, rng):
    inner = rng.randint(5, 20)
    assert_equal(
        student.count_parameters(define(HELPERS).frozen(inner)),
        2 * inner + 2,
        misconceptions={
            "counts-frozen": lambda: 5 * inner + 2 * inner + 2,
            "counts-tensors": lambda: 2,
        },
    )


@check(
    task="count_parameters",
    points=4,
    visibility="hidden",
    title={
        "en": "A parameter that two layers share counts once",
        "zh": "两个层共用的参数只算一次",
    },
    hint={
        "en": "`model.parameters()` gives a shared parameter once.",
        "zh": "`model.parameters()` 对共用的参数只给出一次。",
    },
    needs=("count_linear",),
)
def test_count_shared(student, define, rng):
    side = rng.randint(5, 20)
    assert_equal(
        student.count_parameters(define(HELPERS).shared(side)),
        side * side + 2 * side,
        misconceptions={
            "counts-shared-twice": lambda: 2 * side * side + 2 * side,
            "counts-tensors": lambda: 3,
        },
    )


@check(
    task="count_parameters",
    points=2,
    visibility="hidden",
    title={"en": "Buffers do not count", "zh": "buffer 不计入"},
    hint={
        "en": "The running mean of a BatchNorm is stored with the model, and not trained.",
        "zh": "BatchNorm 的滑动均值随模型保存，但不参与训练。",
    },
    needs=("count_linear",),
)
def test_count_buffers(student, define, rng):
    channels = rng.randint(4, 12)
    assert_equal(
        student.count_parameters(define(HELPERS).normalised(channels)),
        27 * channels + 3 * channels,
        misconceptions={
            "counts-buffers": lambda: 27 * channels + 5 * channels + 1,
            "counts-tensors": lambda: 4,
        },
    )


@check(
    task="count_parameters",
    points=2,
    visibility="hidden",
    title={
        "en": "Nested models, and models without parameters, give an int; nothing is changed",
        "zh": "嵌套的模型、没有参数的模型，结果都是 int；模型保持不变",
    },
    hint={
        "en": "Counting only looks: `requires_grad` of every parameter stays as it was.",
        "zh": "统计只是查看：每个参数的 `requires_grad` 都要保持原样。",
    },
    needs=("count_linear",),
)
def test_count_nested(student, define, library, rng):
    helpers, inner = define(HELPERS), rng.randint(3, 9)
    net = helpers.nested(inner)
    assert_equal(student.count_parameters(net), 4 * inner + 1)
    assert_equal(student.count_parameters(library("torch.nn").ReLU()), 0)
    assert_equal(
        helpers.trainable(net),
        [True] * 4,
        what={
            "en": "`requires_grad` of the parameters, after counting",
            "zh": "统计之后各参数的 `requires_grad`",
        },
    )


@check(
    task="save_load",
    points=4,
    visibility="hidden",
    title={
        "en": "The file holds tensors only and opens with weights_only=True",
        "zh": "文件里只有张量，能用 weights_only=True 打开",
    },
    hint={
        "en": "Save `model.state_dict()`, not `model`.",
        "zh": "保存 `model.state_dict()`，而不是 `model`。",
    },
    needs=("round_trip",),
)
def test_saves_tensors_only(student, library, scratch):
    student.save_weights(library("torch.nn").Conv2d(2, 3, 3), f"{scratch}/weights.pt")
    assert_true(
        _holds_tensors_only(load_tensors(student, f"{scratch}/weights.pt")),
        en="The file should hold the state_dict: names and tensors, nothing else.",
        zh="文件里应当是 state_dict：名字和张量，没有别的。",
    )


def _holds_tensors_only(content):
    if isinstance(content, dict):
        return bool(content) and all(map(_holds_tensors_only, content.values()))
    return isinstance(content, torch.Tensor)


@check(
    task="save_load",
    points=3,
    visibility="hidden",
    title={
        "en": "load_weights returns the model, with the loaded weights",
        "zh": "load_weights 返回模型，并带有读取的权重",
    },
    hint={"en": "The last line is `return model`.", "zh": "最后一行是 `return model`。"},
    needs=("round_trip",),
)
def test_load_returns_model(student, library, scratch):
    linear = library("torch.nn").Linear
    saved = linear(5, 4)
    student.save_weights(saved, f"{scratch}/weights.pt")
    model = student.load_weights(linear(5, 4), f"{scratch}/weights.pt")
    assert_true(
        model is not None,
        en="load_weights returned None.",
        zh="load_weights 返回了 None。",
        misconception="missing-return",
    )
    assert_true(
        is_instance(model, "torch.nn.Module"),
        en="load_weights did not return a model.",
        zh="load_weights 返回的不是模型。",
        misconception="returns-load-result",
    )
    assert_close(parameters(model), parameters(saved))


@check(
    task="save_load",
    points=2,
    visibility="hidden",
    title={
        "en": "Buffers are saved and loaded too, such as the running mean of a BatchNorm",
        "zh": "buffer 也会保存和读取，例如 BatchNorm 的滑动均值",
    },
    hint={
        "en": "`state_dict()` holds parameters and buffers, `parameters()` only the former.",
        "zh": "`state_dict()` 含参数和 buffer，`parameters()` 只含参数。",
    },
    needs=("round_trip",),
)
def test_keeps_buffers(student, define, randn, scratch):
    normalised = define(HELPERS).normalised
    saved, loaded = normalised(4), normalised(4)
    saved(randn(2, 3, 6, 6).cpu())
    expected = buffers(saved)
    student.save_weights(saved, f"{scratch}/weights.pt")
    student.load_weights(loaded, f"{scratch}/weights.pt")
    assert_close(parameters(loaded), parameters(saved))
    assert_close(buffers(loaded), expected)


@check(
    task="save_load",
    points=4,
    visibility="hidden",
    title={
        "en": "Weights that do not fit the model raise ValueError, which names an argument",
        "zh": "权重与模型不匹配时抛出 ValueError，并写出参数名",
    },
    hint={
        "en": "`load_state_dict` raises RuntimeError where names or shapes differ; catch it and "
        "raise ValueError, with `path` or `model` in its message.",
        "zh": "名字或形状不同时 `load_state_dict` 抛出 RuntimeError；捕获它，再抛出 ValueError，"
        "信息里写出 `path` 或 `model`。",
    },
    needs=("round_trip",),
)
def test_wrong_state(student, library, scratch):
    layers, load = library("torch.nn"), student.load_weights
    path, larger_path = f"{scratch}/weights.pt", f"{scratch}/larger.weights.pt"
    student.save_weights(layers.Linear(3, 2), path)
    for other in (layers.Linear(4, 2), layers.Sequential(layers.Linear(3, 2))):
        assert_raises(ValueError, load, other, path, names=MISFIT)
    larger = layers.Sequential(layers.Linear(3, 2), layers.Linear(2, 2))
    student.save_weights(larger, larger_path)
    smaller = layers.Sequential(layers.Linear(3, 2))
    assert_raises(ValueError, load, smaller, larger_path, names=MISFIT)


@check(
    task="save_load",
    points=3,
    visibility="hidden",
    title={
        "en": "A missing file raises FileNotFoundError",
        "zh": "文件不存在时抛出 FileNotFoundError",
    },
    hint={
        "en": "`torch.load` raises it by itself; do not catch it.",
        "zh": "`torch.load` 自己会抛出它；不要捕获。",
    },
    needs=("round_trip",),
)
def test_missing_file(student, library, scratch):
    model = library("torch.nn").Linear(3, 2)
    assert_raises(FileNotFoundError, student.load_weights, model, f"{scratch}/nothing.pt")


@check(
    task="save_load",
    points=3,
    visibility="hidden",
    title={"en": "Saving leaves the model as it was", "zh": "保存不会改变模型"},
    needs=("round_trip",),
)
def test_save_keeps_model(student, library, scratch):
    model = library("torch.nn").Linear(3, 2)
    before = parameters(model)
    student.save_weights(model, f"{scratch}/weights.pt")
    after = parameters(model)
    assert_equal(list(after), list(before))
    assert_true(model.training is True, en="the model left its mode.", zh="模型的模式变了。")
    for name, value in before.items():
        assert_close(after[name], value)
