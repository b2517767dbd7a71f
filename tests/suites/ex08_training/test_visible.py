"""ex08: the checks that learners can read."""

from __future__ import annotations

import torch

from grader.session import (
    assert_close,
    assert_equal,
    assert_shape,
    assert_true,
    check,
    fail,
    is_instance,
)

# What `fit` is given here in place of your other functions only looks like them, so that a mistake
# in one of those costs nothing in `fit`.
HELPERS = """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

def loader(inputs, targets, batch_size):
    return DataLoader(TensorDataset(inputs.cpu(), targets.cpu()), batch_size=batch_size)

def same(size, device):
    '''A layer whose output is its input.'''
    layer = nn.Linear(size, size, bias=False).to(device)
    with torch.no_grad():
        layer.weight.copy_(torch.eye(size))
    return layer

def make_optimizer(model):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    return optimizer, torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)

def train_one_epoch(model, loader, loss_fn, optimizer, device):
    optimizer.step()
    return 0.25

def evaluate(model, loader, device):
    return 0.5
"""


@check(
    task="net",
    points=2,
    title={
        "en": "RegularizedNet maps 4 images of 3x32x32 to 4x10",
        "zh": "RegularizedNet 把 4 张 3x32x32 的图像变成 4x10",
    },
    hint={
        "en": "Start from the network of ex07: the new layers change no shape.",
        "zh": "从 ex07 的网络开始：新加的层都不改变形状。",
    },
)
def test_net_shape(student, images, device):
    net = student.RegularizedNet()
    assert_true(
        is_instance(net, "torch.nn.Module"),
        en="RegularizedNet is not an nn.Module: the class must be written "
        "`class RegularizedNet(nn.Module)`.",
        zh="RegularizedNet 不是 nn.Module：类应写成 `class RegularizedNet(nn.Module)`。",
    )
    assert_shape(net.to(device)(images(4, 3, 32, 32)), (4, 10))


@check(
    task="optimizer",
    points=3,
    title={
        "en": "make_optimizer gives an Adam and a StepLR",
        "zh": "make_optimizer 返回一个 Adam 和一个 StepLR",
    },
    hint={
        "en": "`return optimizer, scheduler`, in this order.",
        "zh": "`return optimizer, scheduler`，按这个顺序。",
    },
)
def test_optimizer_kinds(student, library, device):
    pair = student.make_optimizer(library("torch.nn").Linear(3, 2).to(device))
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        alone = is_instance(pair, "torch.optim.Optimizer")
        fail(
            "make_optimizer did not return a pair.",
            "make_optimizer 没有返回一对值。",
            misconception="scheduler-not-returned" if alone else None,
        )
    optimizer, scheduler = pair
    assert_true(
        not is_instance(scheduler, "torch.optim.Optimizer"),
        en="the optimizer is the second value of the pair, and should be the first.",
        zh="优化器是第二个返回值，应当是第一个。",
        misconception="pair-swapped",
    )
    for kind in ("SGD", "AdamW"):
        assert_true(
            not is_instance(optimizer, f"torch.optim.{kind}"),
            en=f"the optimizer is {kind}, it should be Adam.",
            zh=f"优化器是 {kind}，应当是 Adam。",
            misconception=f"{kind.lower()}-instead-of-adam",
        )
    assert_true(
        is_instance(optimizer, "torch.optim.Adam"),
        en="the first value is not an Adam.",
        zh="第一个返回值不是 Adam。",
    )
    assert_true(
        is_instance(scheduler, "torch.optim.lr_scheduler.StepLR"),
        en="the second value is not a StepLR.",
        zh="第二个返回值不是 StepLR。",
    )


@check(
    task="train",
    points=4,
    title={
        "en": "train_one_epoch returns a loss, and it falls from epoch to epoch",
        "zh": "train_one_epoch 返回损失，并且损失逐轮下降",
    },
    hint={
        "en": "For each batch: loss, `zero_grad()`, `backward()`, `step()`.",
        "zh": "对每个批次：计算损失、`zero_grad()`、`backward()`、`step()`。",
    },
)
def test_train_loss_falls(student, define, library, device):
    nn, helpers = library("torch.nn"), define(HELPERS)
    model = helpers.same(2, device)
    optimizer = library("torch.optim").SGD(model.parameters(), lr=0.1)
    # Class 1 where the first number is the larger one: the opposite of what `same` answers.
    inputs = torch.tensor([[2.0, 0.0], [0.0, 1.0], [3.0, 1.0], [0.0, 2.0]])
    loader = helpers.loader(inputs, torch.tensor([1, 0, 1, 0]), 2)
    losses = [
        student.train_one_epoch(model, loader, nn.CrossEntropyLoss(), optimizer, device)
        for _ in range(3)
    ]
    for loss in losses:
        if isinstance(loss, torch.Tensor):
            fail(
                "the loss is a tensor; a float was expected.",
                "返回的损失是张量，应当是 float。",
                misconception="loss-is-a-tensor",
            )
        assert_true(
            isinstance(loss, float),
            en="train_one_epoch did not return a float.",
            zh="train_one_epoch 没有返回 float。",
        )
    assert_true(
        losses[0] > losses[1] > losses[2],
        en=f"the losses of three epochs do not fall: {losses}.",
        zh=f"三轮的损失没有下降：{losses}。",
    )


@check(
    task="evaluate",
    points=3,
    title={
        "en": "evaluate gives 0.75 for three right answers of four",
        "zh": "四个答案对了三个时，evaluate 返回 0.75",
    },
    hint={
        "en": "`outputs.argmax(dim=1)` gives a class for each image.",
        "zh": "`outputs.argmax(dim=1)` 为每张图给出一个类别。",
    },
)
def test_evaluate_example(student, define, device):
    helpers = define(HELPERS)
    outputs = torch.tensor([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
    loader = helpers.loader(outputs, torch.tensor([1, 0, 0, 0]), 4)
    accuracy = student.evaluate(helpers.same(2, device), loader, device)
    if isinstance(accuracy, torch.Tensor):
        fail(
            "the accuracy is a tensor; a float was expected.",
            "返回的准确率是张量，应当是 float。",
            misconception="accuracy-is-a-tensor",
        )
    assert_close(
        accuracy,
        0.75,
        misconceptions={
            "percent": lambda: 75.0,
            "counts-only": lambda: 3.0,
            "share-of-wrong-answers": lambda: 0.25,
        },
        # Somebody may add up in float32.
        rtol=1e-6,
    )


@check(
    task="fit",
    points=3,
    title={
        "en": "fit returns one dict per epoch with epoch, loss, accuracy and lr; epochs from 1",
        "zh": "fit 为每一轮返回一个含 epoch、loss、accuracy、lr 的字典，epoch 从 1 开始",
    },
    hint={
        "en": "`for epoch in range(1, epochs + 1):`, and one `append` in it.",
        "zh": "`for epoch in range(1, epochs + 1):`，并在其中 `append` 一次。",
    },
)
def test_fit_rows(student, define, device):
    helpers = define(HELPERS)
    for name in ("make_optimizer", "train_one_epoch", "evaluate"):
        setattr(student, name, getattr(helpers, name))
    loader = helpers.loader(torch.eye(4), torch.tensor([0, 1, 2, 3]), 2)
    rows = student.fit(helpers.same(4, device), loader, loader, 3, device)
    assert_true(
        isinstance(rows, list) and all(isinstance(row, dict) for row in rows),
        en="fit did not return a list of dicts.",
        zh="fit 没有返回由字典组成的列表。",
    )
    for row in rows:
        missing = [name for name in ("epoch", "loss", "accuracy", "lr") if name not in row]
        assert_true(
            not missing,
            en=f"a row lacks {', '.join(missing)}.",
            zh=f"有一行缺少 {'、'.join(missing)}。",
        )
    assert_equal(
        [row["epoch"] for row in rows],
        [1, 2, 3],
        misconceptions={
            "epochs-from-zero": lambda: [0, 1, 2],
            "last-epoch-only": lambda: [3],
            "one-epoch-short": lambda: [1, 2],
        },
        what={"en": "the epochs", "zh": "各行的 epoch"},
    )
