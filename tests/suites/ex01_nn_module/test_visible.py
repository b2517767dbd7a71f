"""ex01: the checks that learners can read."""

from __future__ import annotations

import torch

from grader.session import (
    assert_close,
    assert_equal,
    assert_shape,
    assert_true,
    check,
    is_instance,
    parameters,
)


@check(
    task="add_one",
    points=5,
    title={"en": "AddOne()(x) is x + 1", "zh": "AddOne()(x) 等于 x + 1"},
    hint={
        "en": "A module is called like a function; nn.Module then calls its `forward`.",
        "zh": "模块像函数一样调用；nn.Module 会去调用它的 `forward`。",
    },
)
def test_add_one_example(student, device):
    x = torch.tensor([[1.0, -2.0], [0.5, 0.0]], device=device)
    assert_close(student.AddOne()(x), x + 1, misconceptions={"returns-input": lambda: x})


@check(
    task="small_cnn",
    points=8,
    title={
        "en": "SmallCNN maps 4 images of 3x32x32 to 4x10",
        "zh": "SmallCNN 把 4 张 3x32x32 的图像变成 4x10",
    },
    hint={
        "en": "Follow one side of the image: 32 after conv1? Then after pool? `fc` needs "
        "16 * side * side.",
        "zh": "沿着图像的一条边算：32 经过 conv1 后是多少？再经过 pool 呢？"
        "`fc` 需要 16 * 边长 * 边长。",
    },
)
def test_small_cnn_output_shape(student, images, device):
    net = student.SmallCNN()
    assert_true(
        is_instance(net, "torch.nn.Module"),
        en="SmallCNN is not an nn.Module: the class must be written `class SmallCNN(nn.Module)`.",
        zh="SmallCNN 不是 nn.Module：类应写成 `class SmallCNN(nn.Module)`。",
    )
    assert_shape(net.to(device)(images(4, 3, 32, 32)), (4, 10))


@check(
    task="count_parameters",
    points=3,
    title={"en": "nn.Linear(3, 2) has 8 parameters", "zh": "nn.Linear(3, 2) 有 8 个参数"},
    hint={
        "en": "3 * 2 weights and 2 biases. `tensor.numel()` says how many elements a tensor has.",
        "zh": "3 * 2 个权重加 2 个偏置。`tensor.numel()` 给出张量的元素个数。",
    },
)
def test_count_linear(student, library):
    count = student.count_parameters(library("torch.nn").Linear(3, 2))
    assert_equal(
        count,
        8,
        misconceptions={"counts-tensors": lambda: 2},
        what={"en": "count_parameters(nn.Linear(3, 2))", "zh": "count_parameters(nn.Linear(3, 2))"},
    )


@check(
    task="save_load",
    points=6,
    title={
        "en": "Weights that are saved and loaded are the same weights",
        "zh": "保存后再读取，权重不变",
    },
    hint={
        "en": "`torch.save(model.state_dict(), path)` writes, "
        "`model.load_state_dict(torch.load(path, weights_only=True))` reads.",
        "zh": "写入用 `torch.save(model.state_dict(), path)`，"
        "读取用 `model.load_state_dict(torch.load(path, weights_only=True))`。",
    },
)
def test_round_trip(student, library, scratch):
    linear = library("torch.nn").Linear
    saved, loaded = linear(3, 2), linear(3, 2)
    expected = parameters(saved)
    student.save_weights(saved, f"{scratch}/weights.pt")
    student.load_weights(loaded, f"{scratch}/weights.pt")
    assert_close(parameters(loaded)["weight"], expected["weight"])
    assert_close(parameters(loaded)["bias"], expected["bias"])
