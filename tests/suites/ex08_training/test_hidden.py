"""ex08: the checks that learners see by title only."""

from __future__ import annotations

import functools
import inspect
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from grader.datasets import load_images
from grader.session import (
    assert_close,
    assert_equal,
    assert_raises,
    assert_true,
    buffers,
    check,
    fail,
    is_instance,
    layer_shapes,
    parameters,
    require_gradient,
)

HELPERS = """
import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torch.utils.data import DataLoader, TensorDataset

def loader(inputs, targets, batch_size, shuffle=False):
    # On the CPU, where a data set is read.
    data = TensorDataset(inputs.cpu(), targets.cpu())
    return DataLoader(data, batch_size=batch_size, shuffle=shuffle)

def linear(weight, bias):
    '''A layer with these numbers.'''
    layer = nn.Linear(weight.shape[1], weight.shape[0], dtype=weight.dtype, device=weight.device)
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)
    return layer

def keep_gradients(model, inputs, targets):
    '''Leave gradients behind, as somebody who looked at one batch would.'''
    nn.CrossEntropyLoss()(model(inputs), targets).backward()

def fill_layers(model, tensors):
    '''Put numbers into the layers that have any, in their order; say whether they fit.'''
    layers = [layer for layer in model.modules() if list(layer.parameters(recurse=False))]
    states = [(layer, name) for layer in layers for name in layer.state_dict()]
    if len(states) != len(tensors):
        return False
    for (layer, name), tensor in zip(states, tensors):
        own = layer.state_dict()[name]
        if own.shape != tensor.shape:
            return False
        own.copy_(tensor)
    return True

def dropout_rates(model):
    return [layer.p for layer in model.modules() if isinstance(layer, nn.Dropout)]

def drops_channels(model):
    return any(isinstance(layer, nn.Dropout2d) for layer in model.modules())

def lacks(model):
    '''Say what convolutions and normalisations do without.'''
    convolutions, norms = (
        [layer for layer in model.modules() if isinstance(layer, kind)]
        for kind in (nn.Conv2d, nn.BatchNorm2d)
    )
    found = {
        'batchnorm-left-out': not norms,
        'batchnorm-too-few': len(norms) < len(convolutions),
        'batchnorm-without-numbers': any(layer.weight is None for layer in norms),
        'bias-left-out': any(layer.bias is None for layer in convolutions),
    }
    return [name for name, is_so in found.items() if is_so]

class Watched(nn.Module):
    '''Notes, at each call, the modes of its layers and whether autograd follows.'''

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Dropout(0.5), nn.Linear(6, 3)
        )
        self.modes = []
        self.followed = []

    def forward(self, x):
        self.modes.append([layer.training for layer in self.modules()])
        output = self.layers(x)
        self.followed.append(output.requires_grad)
        return output

def modes(model):
    return [layer.training for layer in model.modules()]

class Noted(torch.optim.SGD):
    '''Notes the order in which it is used, and the backward passes in between.'''

    def __init__(self, model, lr):
        super().__init__(model.parameters(), lr=lr)
        self.order = []
        next(model.parameters()).register_hook(lambda _: self.order.append('backward'))

    def zero_grad(self, set_to_none=True):
        self.order.append('zero_grad')
        super().zero_grad(set_to_none)

    def step(self, closure=None):
        self.order.append('step')
        return super().step(closure)

class Moves(TorchFunctionMode):
    '''Notes which tensors are sent to a device, and gives copies of them.

    `is_back` says whether answers came back to the loader's side, where targets may stay too;
    `forgot` whether targets were used as they came from the loader, and their copies were not.
    '''

    def __init__(self, device, batches):
        super().__init__()
        self.device, self.sent, self.is_back = device, [], False
        self.batches, self.copies, self.used_old, self.used_new = batches, [], False, False

    @property
    def forgot(self):
        return self.used_old and not self.used_new

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        result = function(*args, **kwargs)
        tensor, rest = args[0] if args else None, [*args[1:], *kwargs.values()]
        self.look_for_targets([tensor, *rest])
        if function in (torch.Tensor.cpu, torch.Tensor.numpy, torch.Tensor.tolist):
            self.is_back |= tensor.dim() > 0
        if not isinstance(tensor, torch.Tensor) or isinstance(tensor, nn.Parameter):
            return result
        if not is_among(tensor, self.batches.given):
            # Where all is on the CPU, the way back is told by its not being what was handed in.
            ways = [value for value in rest if value is not self.device]
            self.is_back |= tensor.dim() > 0 and any(names_device(way, 'cpu') for way in ways)
        if not any(names_device(value, self.device.type) for value in rest):
            return result
        self.sent.append(tensor.is_floating_point())
        copy = result.clone()
        if is_among(tensor, self.batches.given[1::2]):
            self.copies.append(copy)
        return copy

    def look_for_targets(self, values):
        tensors = [value for value in values if isinstance(value, torch.Tensor)]
        together = tensors if len(tensors) > 1 else []
        self.used_old |= any(is_among(each, self.batches.given[1::2]) for each in together)
        self.used_new |= any(is_among(each, self.copies) for each in tensors)

def names_device(value, kind):
    if not isinstance(value, (str, torch.device)):
        return False
    try:
        return torch.device(value).type == kind
    except RuntimeError:
        return False

def is_among(tensor, tensors):
    return any(tensor is each for each in tensors)

class Batches(DataLoader):
    '''Keeps what it gave.'''

    def __init__(self, inputs, targets, batch_size):
        super().__init__(TensorDataset(inputs.cpu(), targets.cpu()), batch_size=batch_size)
        self.given = []

    def __iter__(self):
        for batch in super().__iter__():
            self.given.extend(batch)
            yield batch

class Place(nn.Module):
    '''Passes on, and notes what comes in.'''

    def __init__(self, inner):
        super().__init__()
        self.inner, self.came = inner, []

    def forward(self, *tensors):
        self.came.extend(tensors)
        return self.inner(*tensors)

def not_moved(device, function, model, batches, *rest, loss_fn=None):
    '''Say which of inputs and targets are not sent to a device, or not used as they came back.'''
    model, loss = Place(model), Place(nn.CrossEntropyLoss())
    losses = [loss] if loss_fn else []
    with Moves(device, batches) as moves:
        function(model, batches, *losses, *rest, device)
    came = {id(tensor) for tensor in model.came + loss.came}
    images, targets = batches.given[::2], batches.given[1::2]
    if True not in moves.sent or any(id(image) in came for image in images):
        return 'images'
    left = False not in moves.sent or any(id(target) in came for target in targets)
    return 'targets' if (left or moves.forgot) and not moves.is_back else ''

def take_steps(model, optimizer, gradients):
    '''Step once for each row of gradients, one for each parameter.'''
    for row in gradients:
        for parameter, gradient in zip(model.parameters(), row):
            parameter.grad = gradient.clone()
        optimizer.step()

def rates(optimizer, scheduler, epochs):
    found = []
    for _ in range(epochs):
        found.append(float(optimizer.param_groups[0]['lr']))
        optimizer.step()
        scheduler.step()
    return found

def left_out(model, optimizer):
    '''Give the parameters that the optimizer lacks, and how many it has beside them.'''
    held = {id(each) for group in optimizer.param_groups for each in group['params']}
    own = {name: id(each) for name, each in model.named_parameters()}
    lacks = [name for name, each in own.items() if each not in held]
    return lacks, len(held - set(own.values()))
"""
CLASSES = 3
SMOOTHING = 0.25
KINDS = [*["Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d"] * 3, "Flatten", "Dropout"]
KINDS += ["Linear", "Linear"]
PARAMETERS = 145_578 + 2 * (32 + 32 + 64)
LACKS = ("batchnorm-left-out", "batchnorm-too-few", "batchnorm-without-numbers", "bias-left-out")


def _order_of(kinds):
    """Say which known mistake the order of the layers shows."""
    plain = [kind for kind in kinds if kind in KINDS]
    swapped = [*["Conv2d", "ReLU", "BatchNorm2d", "MaxPool2d"] * 3, *KINDS[12:]]
    known = {
        "softmax-added": "Softmax" in kinds,
        "log-softmax-added": "LogSoftmax" in kinds,
        "batchnorm-left-out": "BatchNorm2d" not in plain,
        "relu-left-out": "ReLU" not in plain,
        "batchnorm-too-few": plain.count("BatchNorm2d") < plain.count("Conv2d"),
        "dropout-of-channels": "Dropout2d" in kinds,
        "dropout-left-out": "Dropout" not in plain,
        "relu-before-batchnorm": kinds == swapped,
        "dropout-elsewhere": [each for each in kinds if each != "Dropout"]
        == [each for each in KINDS if each != "Dropout"],
    }
    return next((name for name, is_so in known.items() if is_so), None)


@check(
    task="net",
    points=6,
    visibility="hidden",
    title={
        "en": "All sixteen layers are in model_1, in their order",
        "zh": "十六个层都在 model_1 里，顺序正确",
    },
    hint={
        "en": "Compare your list with the text, line by line.",
        "zh": "把你的列表和说明逐行对照。",
    },
)
def test_net_layers(student, images, device):
    net = student.RegularizedNet().to(device)
    assert_true(
        is_instance(net.model_1, "torch.nn.Sequential"),
        en="model_1 is not an nn.Sequential.",
        zh="model_1 不是 nn.Sequential。",
    )
    # A layer may have a second name outside of model_1: what counts is what runs.
    kinds, all_kinds = (
        [kind for _, kind, _ in layer_shapes(module, images(2, 3, 32, 32))]
        for module in (net.model_1, net)
    )
    assert_true(
        len(all_kinds) <= len(kinds),
        en=f"{len(kinds)} layers run in model_1, and {len(all_kinds)} in the whole network.",
        zh=f"model_1 里运行了 {len(kinds)} 个层，而整个网络运行了 {len(all_kinds)} 个层。",
        misconception="layers-outside",
    )
    assert_true(
        kinds == KINDS,
        en=f"the {len(kinds)} layers that run are not the sixteen of the text, in their order.",
        zh=f"运行的 {len(kinds)} 个层与说明里的十六个层或其顺序不符。",
        misconception=_order_of(kinds),
    )


@check(
    task="net",
    points=4,
    visibility="hidden",
    title={
        "en": "RegularizedNet has 145,834 parameters",
        "zh": "RegularizedNet 有 145,834 个参数",
    },
    hint={
        "en": "A BatchNorm2d has two numbers for each channel.",
        "zh": "BatchNorm2d 的每个通道有两个参数。",
    },
    needs=("net_layers",),
)
def test_net_parameters(student, define):
    net = student.RegularizedNet()
    count = sum(each.numel() for each in parameters(net).values())
    # Several mistakes give the same number: what is lacking is looked for.
    lacks = _lacks(define(HELPERS), net)
    assert_equal(
        count,
        PARAMETERS,
        misconceptions={
            "layers-kept-twice": lambda: 2 * PARAMETERS,
            **({lacks: lambda: count} if lacks else {}),
        },
        what={"en": "the number of parameters", "zh": "参数个数"},
    )


def _lacks(helpers, net):
    found = helpers.lacks(net)
    return found[0] if isinstance(found, list) and found and found[0] in LACKS else None


@check(
    task="net",
    points=5,
    visibility="hidden",
    title={
        "en": "In eval mode RegularizedNet gives, with the same weights, the reference's numbers, "
        "and gradients reach its input",
        "zh": "评估模式下，权重相同时 RegularizedNet 的输出与参考答案一致，梯度能传到它的输入",
    },
    hint={
        "en": "Convolution, BatchNorm2d, ReLU, pooling: in this order, and nothing after the last "
        "Linear.",
        "zh": "顺序是卷积、BatchNorm2d、ReLU、池化；最后一个 Linear 之后没有别的层。",
    },
    needs=("net_shape", "net_layers"),
)
def test_net_same_weights(student, reference, define, randn, device):
    # In float64: the order in which products are added up does not matter there.
    net = student.RegularizedNet().to(device).double().eval()
    expected = reference.RegularizedNet().to(device).double().eval()
    for layer in expected.modules():
        if isinstance(layer, nn.BatchNorm2d):
            # Both signs, so that a ReLU before it differs from one after it.
            for values in (layer.weight.data, layer.bias.data, layer.running_mean):
                values.copy_(randn(*values.shape, dtype=torch.float64))
    tensors = list(expected.state_dict().values())
    helpers = define(HELPERS)
    if helpers.fill_layers(net.model_1, tensors) is not True:
        fail(
            "the layers with numbers are not those of the text, or their sizes differ.",
            "带参数的层与说明不符，或大小不同。",
            misconception=_lacks(helpers, net),
        )
    x = randn(1, 3, 32, 32, dtype=torch.float64)
    with torch.no_grad():
        right = expected(x)
        assert_close(
            require_gradient(net, x),
            right,
            misconceptions={
                "softmax-added": lambda: right.softmax(dim=1),
                "log-softmax-added": lambda: right.log_softmax(dim=1),
                "relu-before-batchnorm": lambda: _reordered(expected, [0, 2, 1, 3])(x),
                "relu-left-out": lambda: _reordered(expected, [0, 1, 3])(x),
            },
        )


def _reordered(net, block):
    """Give the network with other layers in each of its three blocks."""
    layers = list(net.model_1)
    places = [4 * number + place for number in range(3) for place in block]
    return nn.Sequential(*(layers[place] for place in places), *layers[12:])


@check(
    task="net",
    points=3,
    visibility="hidden",
    title={
        "en": "Dropout takes half of the values away, and there is one of it",
        "zh": "只有一个 Dropout，并且丢弃一半的数值",
    },
    hint={
        "en": "The argument of `nn.Dropout` is the share that is dropped, from 0 to 1.",
        "zh": "`nn.Dropout` 的参数是被丢弃的比例，从 0 到 1。",
    },
    needs=("net_layers",),
)
def test_net_dropout(student, define):
    helpers, net = define(HELPERS), student.RegularizedNet()
    rates = helpers.dropout_rates(net)
    assert_true(
        rates != [] or helpers.drops_channels(net) is not True,
        en="the network has a Dropout2d where a Dropout was asked for.",
        zh="网络里用的是 Dropout2d，题目要求的是 Dropout。",
        misconception="dropout-of-channels",
    )
    assert_true(
        isinstance(rates, list) and len(rates) == 1,
        en="there is not exactly one Dropout in the network.",
        zh="网络里的 Dropout 不是恰好一个。",
        misconception="dropout-left-out" if rates == [] else None,
    )
    assert_close(
        float(rates[0]),
        0.5,
        what={"en": "the share that Dropout takes away", "zh": "Dropout 丢弃的比例"},
    )


@check(
    task="optimizer",
    points=4,
    visibility="hidden",
    title={
        "en": "The optimizer steps like Adam with lr 0.001 and no other change",
        "zh": "优化器的更新与学习率 0.001、其余为默认值的 Adam 一致",
    },
    hint={
        "en": "`Adam(model.parameters(), lr=0.001)`, and no further argument.",
        "zh": "`Adam(model.parameters(), lr=0.001)`，不加别的参数。",
    },
    needs=("optimizer_kinds",),
)
def test_optimizer_steps(student, reference, define, randn, device):
    weight, bias = randn(2, 3, dtype=torch.float64), randn(2, dtype=torch.float64)
    # Each step has other gradients: Adam takes equal ones for 1, whatever was added to them.
    shapes = [tuple(each.shape) for each in (weight, bias)]
    gradients = [[randn(*shape, dtype=torch.float64) for shape in shapes] for _ in range(4)]
    helpers = define(HELPERS)
    model = helpers.linear(weight, bias)
    optimizer, _ = student.make_optimizer(model)
    helpers.take_steps(model, optimizer, gradients)

    def stepped(make):
        own = _linear(weight, bias)
        _take_steps(own, make(own), gradients)
        return own.weight.detach()

    def rate(lr):
        return lambda: stepped(lambda own: torch.optim.Adam(own.parameters(), lr=lr))

    assert_close(
        parameters(model)["weight"],
        stepped(lambda own: reference.make_optimizer(own)[0]),
        misconceptions={
            "rate-ten-times": rate(0.01),
            "rate-hundred-times": rate(0.1),
            "sgd-instead-of-adam": lambda: stepped(
                lambda own: torch.optim.SGD(own.parameters(), lr=0.001)
            ),
            "adamw-instead-of-adam": lambda: stepped(
                lambda own: torch.optim.AdamW(own.parameters(), lr=0.001)
            ),
        },
        what={"en": "the weights after four steps", "zh": "四步之后的权重"},
    )


def _linear(weight, bias):
    layer = nn.Linear(*weight.shape[::-1], dtype=weight.dtype, device=weight.device)
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer


def _take_steps(model, optimizer, gradients):
    for row in gradients:
        for parameter, gradient in zip(model.parameters(), row, strict=True):
            parameter.grad = gradient.clone()
        optimizer.step()


@check(
    task="optimizer",
    points=4,
    visibility="hidden",
    title={
        "en": "The optimizer has all parameters of the model, and no others",
        "zh": "优化器包含模型的全部参数，并且没有别的参数",
    },
    hint={
        "en": "`model.parameters()` of the model that was passed in.",
        "zh": "使用传进来的模型的 `model.parameters()`。",
    },
    needs=("optimizer_kinds",),
)
def test_optimizer_parameters(student, define, device):
    helpers = define(HELPERS)
    model = helpers.Watched().to(device)
    optimizer, _ = student.make_optimizer(model)
    lacks, others = helpers.left_out(model, optimizer)
    assert_true(
        others == 0,
        en="the optimizer has parameters that do not belong to the model.",
        zh="优化器里有不属于该模型的参数。",
        misconception="parameters-of-another-model",
    )
    assert_true(
        lacks == [],
        en=f"{len(lacks)} parameters of the model are not in the optimizer.",
        zh=f"模型有 {len(lacks)} 个参数不在优化器里。",
        misconception="some-parameters-left-out",
    )


@check(
    task="optimizer",
    points=4,
    visibility="hidden",
    title={
        "en": "The scheduler takes the rate times 0.1 every 10 epochs",
        "zh": "调度器每 10 轮把学习率乘以 0.1",
    },
    hint={
        "en": "`StepLR(optimizer, step_size=10, gamma=0.1)`.",
        "zh": "`StepLR(optimizer, step_size=10, gamma=0.1)`。",
    },
    needs=("optimizer_kinds",),
)
def test_optimizer_schedule(student, define, device):
    helpers, epochs = define(HELPERS), 35
    model = helpers.Watched().to(device)
    rates = helpers.rates(*student.make_optimizer(model), epochs)
    first = rates[0] if isinstance(rates, list) else 0.0

    # From the student's own first rate: a wrong one is another check's.
    def every(step, gamma):
        return [first * gamma ** (epoch // step) for epoch in range(epochs)]

    assert_close(
        rates,
        every(10, 0.1),
        misconceptions={
            "step-size-one": lambda: every(1, 0.1),
            "step-size-thirty": lambda: every(30, 0.1),
            "gamma-half": lambda: every(10, 0.5),
            "scheduler-of-another-optimizer": lambda: every(epochs, 1.0),
        },
        what={"en": "the rates of the epochs", "zh": "各轮的学习率"},
        # The rates are small: they differ by factors.
        rtol=1e-6,
    )


class Data(NamedTuple):
    """A small model's numbers, and what it is trained on; all in float64."""

    weight: torch.Tensor
    bias: torch.Tensor
    inputs: torch.Tensor
    targets: torch.Tensor

    def model(self):
        """Make the model here."""
        return _linear(self.weight, self.bias)

    def loader(self, batch_size):
        """Make the loader here."""
        return DataLoader(TensorDataset(self.inputs, self.targets), batch_size=batch_size)


def _data(randn, integers, count):
    return Data(
        randn(CLASSES, 4, dtype=torch.float64),
        randn(CLASSES, dtype=torch.float64),
        randn(count, 4, dtype=torch.float64),
        integers(0, CLASSES, (count,)),
    )


def _train_remote(
    student, helpers, data, batch_size, device, *, lr=0.5, dirty=False, smoothing=0.0
):
    """Train the student's way; give the loss, the parameters and the order of the calls."""
    model = helpers.linear(data.weight, data.bias)
    optimizer = helpers.Noted(model, lr)
    if dirty:
        helpers.keep_gradients(model, data.inputs, data.targets)
    loss_fn = helpers.nn.CrossEntropyLoss(label_smoothing=smoothing)
    loader = helpers.loader(data.inputs, data.targets, batch_size)
    loss = student.train_one_epoch(model, loader, loss_fn, optimizer, device)
    return loss, parameters(model), list(optimizer.order)


def _train_here(reference, data, batch_size, device, lr=0.5):
    """Train as the reference does; give the parameters."""
    model = data.model()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    loader = data.loader(batch_size)
    reference.train_one_epoch(model, loader, nn.CrossEntropyLoss(), optimizer, device)
    return parameters(model)


def _batch_losses(data, batch_size, loss_fn):
    """Give the mean loss and the size of each batch, for the model as it is."""
    with torch.no_grad():
        model = data.model()
        return [
            (loss_fn(model(inputs), targets).item(), len(targets))
            for inputs, targets in data.loader(batch_size)
        ]


def _mistake_in(order):
    """Name the mistake that the order of backward, zero_grad and step shows."""
    if "backward" not in order:
        return "backward-missing"
    if "step" not in order:
        return "step-missing"
    cleared = any(pair == ("zero_grad", "step") for pair in pairwise(order))
    return "cleared-before-step" if cleared else None


@check(
    task="train",
    points=6,
    visibility="hidden",
    title={
        "en": "After one batch the weights are those of one step with its gradients",
        "zh": "一个批次之后，权重等于用它的梯度更新一步的结果",
    },
    hint={
        "en": "`zero_grad()`, then `backward()`, then `step()`.",
        "zh": "先 `zero_grad()`，再 `backward()`，最后 `step()`。",
    },
    needs=("train_loss_falls",),
)
def test_train_one_step(student, reference, define, randn, integers, device):
    data = _data(randn, integers, 6)
    _, after, order = _train_remote(student, define(HELPERS), data, 6, device)
    right = _train_here(reference, data, 6, device)
    name = _mistake_in(order)
    assert_close(
        after,
        right,
        misconceptions={name: lambda: after} if name else None,
        what={"en": "the model after one step", "zh": "更新一步之后的模型"},
    )


@check(
    task="train",
    points=6,
    visibility="hidden",
    title={
        "en": "After several batches the weights are those of one step for each",
        "zh": "若干批次之后，权重等于每个批次更新一步的结果",
    },
    hint={
        "en": "Each batch has its own `zero_grad()`, `backward()` and `step()`.",
        "zh": "每个批次都要有自己的 `zero_grad()`、`backward()` 和 `step()`。",
    },
    needs=("train_one_step",),
)
def test_train_all_steps(student, reference, define, randn, integers, device):
    data = _data(randn, integers, 11)
    _, after, _ = _train_remote(student, define(HELPERS), data, 4, device)

    def trained(*, clear, step_each):
        model = data.model()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        for inputs, targets in data.loader(4):
            if clear:
                optimizer.zero_grad()
            nn.CrossEntropyLoss()(model(inputs), targets).backward()
            if step_each:
                optimizer.step()
        if not step_each:
            optimizer.step()
        return parameters(model)

    assert_close(
        after,
        _train_here(reference, data, 4, device),
        misconceptions={
            "gradients-pile-up": lambda: trained(clear=False, step_each=True),
            "one-step-an-epoch": lambda: trained(clear=False, step_each=False),
            "last-batch-steps": lambda: trained(clear=True, step_each=False),
        },
        what={"en": "the model after the epoch", "zh": "这一轮之后的模型"},
    )


@check(
    task="train",
    points=3,
    visibility="hidden",
    title={
        "en": "Gradients from before the call do not leak into its first step",
        "zh": "调用之前留下的梯度不会混入第一步",
    },
    hint={
        "en": "`zero_grad()` comes before `backward()`, in the first round too.",
        "zh": "`zero_grad()` 要在 `backward()` 之前，第一次循环也不例外。",
    },
    needs=("train_one_step",),
)
def test_train_old_gradients(student, reference, define, randn, integers, device):
    data = _data(randn, integers, 5)
    _, after, _ = _train_remote(student, define(HELPERS), data, 5, device, dirty=True)

    # What was left behind is the gradient of the same batch: it counts twice.
    def leaked():
        return _train_here(reference, data, 5, device, lr=1.0)

    assert_close(
        after,
        _train_here(reference, data, 5, device),
        misconceptions={"old-gradients-kept": leaked},
        what={"en": "the model after one step", "zh": "更新一步之后的模型"},
    )


@check(
    task="train",
    points=6,
    visibility="hidden",
    title={
        "en": "The loss is the mean per sample, also with a short last batch",
        "zh": "损失是每个样本的平均值，最后一个批次较短时也是",
    },
    hint={
        "en": "The loss of a batch is a mean: weigh it by the number of samples in it.",
        "zh": "一个批次的损失是平均值：要按它的样本数加权。",
    },
    needs=("train_loss_falls",),
)
def test_train_mean_loss(student, define, randn, integers, device, rng):
    batch_size, short = 4, rng.randint(1, 3)
    count = 3 * batch_size + short
    data = _data(randn, integers, count)
    # A large loss in the short batch: the class that the model holds for the least likely.
    data.inputs[-short:] *= 5
    data.targets[-short:] = data.model()(data.inputs[-short:]).argmin(dim=1)
    # The rate is 0, so that wrong steps are other checks' to find; and the loss is none that a
    # student would write down, so that only the one that was handed over gives it.
    loss, _, _ = _train_remote(
        student, define(HELPERS), data, batch_size, device, lr=0.0, smoothing=SMOOTHING
    )
    each = _batch_losses(data, batch_size, nn.CrossEntropyLoss(label_smoothing=SMOOTHING))
    means = [mean for mean, _ in each]
    total = sum(mean * size for mean, size in each)
    plain = _batch_losses(data, batch_size, nn.CrossEntropyLoss())
    if isinstance(loss, torch.Tensor):
        fail(
            "the loss is a tensor; a float was expected.",
            "返回的损失是张量，应当是 float。",
            misconception="loss-is-a-tensor",
        )
    assert_close(
        loss,
        total / count,
        misconceptions={
            "batches-weigh-alike": lambda: sum(means) / len(means),
            "sum-of-batch-means": lambda: sum(means),
            "sum-over-samples": lambda: total,
            "means-divided-by-samples": lambda: sum(means) / count,
            "last-batch-only": lambda: means[-1],
            "loss-function-ignored": lambda: sum(mean * size for mean, size in plain) / count,
        },
        what={"en": "the loss", "zh": "损失"},
        # Somebody may add up in float32; the mistakes are off by far more.
        rtol=1e-5,
    )


@check(
    task="train",
    points=3,
    visibility="hidden",
    title={
        "en": "train_one_epoch trains in train mode, whatever the mode before",
        "zh": "无论之前是什么模式，train_one_epoch 都在训练模式下训练",
    },
    hint={
        "en": "`model.train()` before the loop.",
        "zh": "在循环之前调用 `model.train()`。",
    },
    needs=("train_loss_falls",),
)
def test_train_mode(student, define, randn, integers, device):
    helpers = define(HELPERS)
    model = helpers.Watched().to(device).eval()
    loader = helpers.loader(randn(8, 4), integers(0, CLASSES, (8,)), 4)
    optimizer = helpers.Noted(model, 0.1)
    loss_fn = helpers.nn.CrossEntropyLoss()
    student.train_one_epoch(model, loader, loss_fn, optimizer, device)
    _require_runs(model)
    assert_true(
        all(all(flags) for flags in model.modes),
        en="the model was in eval mode while it was trained.",
        zh="训练时模型处于评估模式。",
        misconception="train-mode-forgotten",
    )


def _require_runs(model):
    assert_true(
        len(model.modes) > 0,
        en="the model that was passed in was not run.",
        zh="没有运行传进来的模型。",
    )


def _require_moved(left):
    assert_true(
        left != "targets",
        en="the targets were not moved to `device`, or the moved ones were not used.",
        zh="目标没有移到 `device`，或者移过去之后没有使用。",
        misconception="targets-not-moved",
    )
    assert_true(
        left == "",
        en="the images were not moved to `device`, or the moved ones were not used.",
        zh="图像没有移到 `device`，或者移过去之后没有使用。",
        misconception="batch-not-moved",
    )


@check(
    task="train",
    points=2,
    visibility="hidden",
    title={
        "en": "train_one_epoch moves images and targets to the device",
        "zh": "train_one_epoch 把图像和目标移到指定的设备",
    },
    hint={
        "en": "`images = images.to(device)`: `to` returns a new tensor.",
        "zh": "`images = images.to(device)`：`to` 返回新的张量。",
    },
    needs=("train_loss_falls",),
)
def test_train_moves_batches(student, define, randn, integers, device):
    helpers = define(HELPERS)
    model = helpers.nn.Linear(4, CLASSES).to(device)
    optimizer = helpers.Noted(model, 0.1)
    batches = helpers.Batches(randn(6, 4), integers(0, CLASSES, (6,)), 3)
    function = student.train_one_epoch
    _require_moved(helpers.not_moved(device, function, model, batches, optimizer, loss_fn=True))


def _answers(rng, sizes, wrong):
    """Make outputs and targets: so many images in each batch, so many wrong answers among them."""
    outputs, targets = [], []
    for size, errors in zip(sizes, wrong, strict=True):
        chosen = rng.sample(range(size), errors)
        for index in range(size):
            said = rng.randrange(CLASSES)
            outputs.append([rng.random() + 2 * (said == each) for each in range(CLASSES)])
            targets.append((said + 1) % CLASSES if index in chosen else said)
    return torch.tensor(outputs), torch.tensor(targets)


def _accuracy(student, helpers, outputs, targets, batch_size, device):
    model = helpers.linear(torch.eye(CLASSES, device=device), torch.zeros(CLASSES, device=device))
    return student.evaluate(model, helpers.loader(outputs, targets, batch_size), device)


@check(
    task="evaluate",
    points=3,
    visibility="hidden",
    title={
        "en": "The accuracy is the share of right answers",
        "zh": "准确率是答对的比例",
    },
    hint={
        "en": "Of each row of outputs, the place of the largest number.",
        "zh": "取每一行输出中最大数的位置。",
    },
    needs=("evaluate_example",),
)
def test_evaluate_values(student, define, rng, device):
    def columns():
        # The batch has as many rows as there are classes: the wrong dimension is no error then.
        same = (
            (part.argmax(dim=0) == wanted).sum().item()
            for part, wanted in zip(outputs.split(CLASSES), targets.split(CLASSES), strict=True)
        )
        return sum(same) / count

    count, right = 4 * CLASSES, 1 - 5 / (4 * CLASSES)
    outputs, targets = _answers(rng, [CLASSES] * 4, [2, 0, 1, 2])
    while columns() == right:
        outputs, targets = _answers(rng, [CLASSES] * 4, [2, 0, 1, 2])
    assert_close(
        _accuracy(student, define(HELPERS), outputs, targets, CLASSES, device),
        right,
        misconceptions={
            "wrong-dimension": columns,
            "percent": lambda: 100 * right,
            "counts-only": lambda: right * count,
            "share-of-wrong-answers": lambda: 1 - right,
            "last-batch-only": lambda: 1 / 3,
        },
        # Somebody may add up in float32.
        rtol=1e-6,
    )


@check(
    task="evaluate",
    points=4,
    visibility="hidden",
    title={
        "en": "Each image weighs alike, also in a short last batch",
        "zh": "每张图的权重相同，最后一个批次较短时也是",
    },
    hint={
        "en": "Add up right answers and images; divide once, at the end.",
        "zh": "累加答对的个数和图像的个数，最后只除一次。",
    },
    needs=("evaluate_example",),
)
def test_evaluate_short_batch(student, define, rng, device):
    outputs, targets = _answers(rng, [5, 5, 2], [1, 1, 1])
    assert_close(
        _accuracy(student, define(HELPERS), outputs, targets, 5, device),
        9 / 12,
        misconceptions={
            "batches-weigh-alike": lambda: (0.8 + 0.8 + 0.5) / 3,
            "counts-full-batches": lambda: 9 / 15,
            "percent": lambda: 75.0,
            "counts-only": lambda: 9.0,
            "share-of-wrong-answers": lambda: 0.25,
            "last-batch-only": lambda: 0.5,
        },
        # Somebody may add up in float32.
        rtol=1e-6,
    )


def _evaluate_watched(student, helpers, randn, integers, device, *, training=True):
    model = helpers.Watched().to(device).train(training)
    stored = buffers(model)
    loader = helpers.loader(randn(10, 4), integers(0, CLASSES, (10,)), 4)
    student.evaluate(model, loader, device)
    _require_runs(model)
    return model, stored


@check(
    task="evaluate",
    points=4,
    visibility="hidden",
    title={
        "en": "evaluate runs the model in eval mode: no dropout, no statistics collected",
        "zh": "evaluate 在评估模式下运行模型：不丢弃数值，不更新统计量",
    },
    hint={
        "en": "`model.eval()` before the loop.",
        "zh": "在循环之前调用 `model.eval()`。",
    },
    needs=("evaluate_example",),
)
def test_evaluate_mode(student, define, randn, integers, device):
    model, stored = _evaluate_watched(student, define(HELPERS), randn, integers, device)
    assert_true(
        not any(any(flags) for flags in model.modes),
        en="the model was in train mode while it was evaluated.",
        zh="评估时模型处于训练模式。",
        misconception="eval-mode-forgotten",
    )
    now = buffers(model)
    assert_true(
        all(torch.equal(now[name], stored[name]) for name in stored),
        en="the running statistics of a BatchNorm were changed.",
        zh="BatchNorm 的滑动统计量被改变了。",
    )


@check(
    task="evaluate",
    points=2,
    visibility="hidden",
    title={
        "en": "Autograd is off while evaluate runs the model, and on again afterwards",
        "zh": "evaluate 运行模型时不记录梯度，之后恢复",
    },
    hint={
        "en": "`with torch.no_grad():` around the loop; it ends by itself.",
        "zh": "用 `with torch.no_grad():` 包住循环；它会自动结束。",
    },
    needs=("evaluate_example",),
)
def test_evaluate_without_autograd(student, define, library, randn, integers, device):
    model, _ = _evaluate_watched(student, define(HELPERS), randn, integers, device)
    assert_true(
        not any(model.followed),
        en="autograd followed the model while it was evaluated.",
        zh="评估时仍在记录梯度。",
        misconception="autograd-left-on",
    )
    assert_true(
        library("torch").is_grad_enabled() and all(each.requires_grad for each in _leaves(model)),
        en="autograd is off after the call, so that nothing can be trained any more.",
        zh="调用之后梯度记录仍然关闭，之后就无法训练了。",
        misconception="autograd-left-off",
    )


def _leaves(model):
    return [layer.weight for layer in (model.layers[0], model.layers[3])]


@check(
    task="evaluate",
    points=2,
    visibility="hidden",
    title={
        "en": "Afterwards the model is in the mode that it came in, train or eval",
        "zh": "之后模型回到原来的模式，无论是 train 还是 eval",
    },
    hint={
        "en": "Remember `model.training` first, and give it to `model.train(...)` at the end.",
        "zh": "先记住 `model.training`，最后传给 `model.train(...)`。",
    },
    needs=("evaluate_example",),
)
def test_evaluate_restores_mode(student, define, randn, integers, device):
    helpers = define(HELPERS)
    for training, mistake in ((True, "left-in-eval-mode"), (False, "always-back-to-train")):
        model, _ = _evaluate_watched(student, helpers, randn, integers, device, training=training)
        now = helpers.modes(model)
        assert_true(
            now == [training] * len(now),
            en="the model is in another mode than before the call.",
            zh="模型的模式和调用之前不一样。",
            misconception=mistake,
        )


@check(
    task="evaluate",
    points=1,
    visibility="hidden",
    title={
        "en": "A loader without batches: ValueError",
        "zh": "没有批次的 loader：抛出 ValueError",
    },
    hint={
        "en": "`raise ValueError(...)` with the name of the argument in its message.",
        "zh": "`raise ValueError(...)`，信息里写出参数名。",
    },
    needs=("evaluate_example",),
)
def test_evaluate_empty(student, define, device):
    helpers = define(HELPERS)
    model = helpers.nn.Linear(4, CLASSES).to(device)
    empty = helpers.loader(torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64), 4)
    assert_raises(ValueError, student.evaluate, model, empty, device, names="loader")


@check(
    task="evaluate",
    points=1,
    visibility="hidden",
    title={
        "en": "evaluate moves images and targets to the device",
        "zh": "evaluate 把图像和目标移到指定的设备",
    },
    hint={
        "en": "`images = images.to(device)`: `to` returns a new tensor.",
        "zh": "`images = images.to(device)`：`to` 返回新的张量。",
    },
    needs=("evaluate_example",),
)
def test_evaluate_moves_batches(student, define, randn, integers, device):
    helpers = define(HELPERS)
    model = helpers.nn.Linear(4, CLASSES).to(device)
    batches = helpers.Batches(randn(6, 4), integers(0, CLASSES, (6,)), 3)
    _require_moved(helpers.not_moved(device, student.evaluate, model, batches))


# The checks of `fit` come last: what they put into the worker are right answers of other tasks.

EPOCHS = 12
TOLD_EPOCHS = 2
BATCH = 5


IMPORTS = """from __future__ import annotations
import torch
from torch import nn
from torch.optim import Adam
from torch.optim.lr_scheduler import StepLR
"""


NOTES = """
SCHEDULERS = []

def noted(model):
    optimizer, scheduler = make_optimizer(model)
    SCHEDULERS.append(scheduler)
    return optimizer, scheduler

def epochs_told():
    '''Give how often each scheduler was told that an epoch is over.'''
    return [scheduler.last_epoch for scheduler in SCHEDULERS]
"""


def _put_right_functions(student, reference, define):
    """Put right functions in the place of the student's own; give what notes their use."""
    names = ("make_optimizer", "train_one_epoch", "evaluate")
    sources = [inspect.getsource(getattr(reference, name)) for name in names]
    right = define("\n".join([IMPORTS, *sources, NOTES]))
    for name in names:
        setattr(student, name, right.noted if name == "make_optimizer" else getattr(right, name))
    return right


class Course(NamedTuple):
    """What a small model is fitted to: training and test data of another kind each."""

    train: Data
    test: Data


def _course(randn, integers):
    # Large inputs, so that small steps change answers; weights that know nothing yet.
    train = _data(randn, integers, 3 * BATCH + 2)
    train = train._replace(
        weight=train.weight / 100, bias=train.bias / 100, inputs=train.inputs * 20
    )
    test = _data(randn, integers, 2 * BATCH + 3)
    return Course(train, test._replace(inputs=test.inputs * 20))


def _fit_remote(student, helpers, data, device, epochs=EPOCHS):
    model = helpers.linear(data.train.weight, data.train.bias)
    loaders = [helpers.loader(each.inputs, each.targets, BATCH) for each in data]
    rows = student.fit(model, *loaders, epochs, device)
    assert_true(
        isinstance(rows, list) and len(rows) == epochs and all(type(row) is dict for row in rows),
        en="fit did not return one dict for each epoch.",
        zh="fit 没有为每一轮返回一个字典。",
    )
    return model, rows


def _column(rows, name):
    lacks = any(name not in row for row in rows)
    assert_true(not lacks, en=f"a row lacks `{name}`.", zh=f"有一行缺少 `{name}`。")
    return [row[name] for row in rows]


def _fit_here(reference, data, device, epochs=EPOCHS, model=None):
    loaders = [each.loader(BATCH) for each in data]
    return reference.fit(model or data.train.model(), *loaders, epochs, device)


@check(
    task="fit",
    points=2,
    visibility="hidden",
    title={
        "en": "fit notes the training loss of each epoch",
        "zh": "fit 记录每一轮的训练损失",
    },
    hint={
        "en": "One optimizer for all epochs: create it before the loop.",
        "zh": "所有轮共用一个优化器：在循环之前创建。",
    },
    needs=("fit_rows",),
)
def test_fit_loss(student, reference, define, randn, integers, device):
    data = _course(randn, integers)
    _put_right_functions(student, reference, define)
    _, rows = _fit_remote(student, define(HELPERS), data, device)

    def anew():
        model = data.train.model()
        rows = [_fit_here(reference, data, device, 1, model=model)[0] for _ in range(EPOCHS)]
        return [row["loss"] for row in rows]

    def on_test_data():
        swapped = Course(data.test, data.test)
        rows = _fit_here(reference, swapped, device, model=data.train.model())
        return [row["loss"] for row in rows]

    def untrained():
        loss = nn.functional.cross_entropy(
            data.train.model()(data.train.inputs), data.train.targets
        )
        return [loss.item()] * EPOCHS

    right = [row["loss"] for row in _fit_here(reference, data, device)]
    assert_close(
        _column(rows, "loss"),
        right,
        misconceptions={
            "optimizer-made-anew": anew,
            "never-trained": untrained,
            "trained-on-test-data": on_test_data,
        },
        what={"en": "the losses", "zh": "各轮的损失"},
        # Somebody may add up in float32.
        rtol=1e-5,
    )


@check(
    task="fit",
    points=2,
    visibility="hidden",
    title={
        "en": "fit notes the accuracy on the test data after each epoch",
        "zh": "fit 记录每一轮之后在测试数据上的准确率",
    },
    hint={
        "en": "`evaluate(model, test_loader, device)`, after the training of the epoch.",
        "zh": "在这一轮训练之后调用 `evaluate(model, test_loader, device)`。",
    },
    needs=("fit_rows",),
)
def test_fit_accuracy(student, reference, define, randn, integers, device):
    data, before = _telling_course(reference, randn, integers, device)
    _put_right_functions(student, reference, define)
    helpers = define(HELPERS)
    for epochs in range(1, TOLD_EPOCHS + 1):
        # Against what the model has become, so that a wrong training is other checks' to find.
        model, rows = _fit_remote(student, helpers, data, device, epochs)
        trained = _linear(*parameters(model).values())

        def on(part, trained=trained):
            return reference.evaluate(trained, part.loader(BATCH), device)

        assert_close(
            _column(rows, "accuracy")[-1],
            on(data.test),
            misconceptions={
                "accuracy-on-training-data": lambda on=on: on(data.train),
                "accuracy-before-training": lambda epochs=epochs: before[epochs - 1],
            },
            what={"en": "the accuracy", "zh": "准确率"},
            # Somebody may add up in float32.
            rtol=1e-6,
        )


def _telling_course(reference, randn, integers, device):
    """Draw data on which each epoch changes the accuracy; give it from before each, too."""
    while True:
        data = _course(randn, integers)
        rows = _fit_here(reference, data, device, TOLD_EPOCHS)
        start = reference.evaluate(data.train.model(), data.test.loader(BATCH), device)
        accuracies = [start, *(row["accuracy"] for row in rows)]
        if all(earlier != later for earlier, later in pairwise(accuracies)):
            return data, accuracies


@check(
    task="fit",
    points=3,
    visibility="hidden",
    title={
        "en": "fit notes the rate of each epoch, and it falls when the scheduler says so",
        "zh": "fit 记录每一轮的学习率，它按调度器的规定下降",
    },
    hint={
        "en": "`scheduler.step()` once an epoch, after the rate was noted.",
        "zh": "每一轮调用一次 `scheduler.step()`，在记下学习率之后。",
    },
    needs=("fit_rows",),
)
def test_fit_rate(student, reference, define, randn, integers, device):
    data = _course(randn, integers)
    right = _put_right_functions(student, reference, define)
    _, rows = _fit_remote(student, define(HELPERS), data, device)
    found = _column(rows, "lr")
    why_constant = _why_rate_stays(right.epochs_told())
    if any(isinstance(rate, list) for rate in found):
        fail(
            "`lr` is a list; a float was expected.",
            "`lr` 是列表，应当是 float。",
            misconception="rate-is-a-list",
        )
    batches = len(data.train.loader(BATCH))

    def every(step, before=0):
        return [0.001 * 0.1 ** ((epoch + before) // step) for epoch in range(EPOCHS)]

    assert_close(
        found,
        every(10),
        misconceptions={
            "rate-noted-too-late": lambda: every(10, before=1),
            **({why_constant: lambda: [0.001] * EPOCHS} if why_constant else {}),
            "scheduler-each-batch": lambda: [
                0.001 * 0.1 ** (epoch * batches // 10) for epoch in range(EPOCHS)
            ],
        },
        what={"en": "the rates", "zh": "各轮的学习率"},
        # The rates are small: they differ by factors.
        rtol=1e-6,
    )


def _why_rate_stays(told):
    if isinstance(told, list) and len(told) > 1:
        return "optimizer-made-anew"
    return "scheduler-never-steps" if told == [0] else None


# A network and a number of images that take half a second. Over 40 seeds the solution recognised at
# least 0.84 of the images; the bar lies eight deviations below that, and far above guessing, 0.1.
LEARN_EPOCHS = 2
LEARN_IMAGES = 1200
LEARN_BATCH = 16
LEARN_TESTED = 50
LEARN_HELD_BACK = 200
LEARN_ACCURACY = 0.6


def small_net():
    """Make a network that learns fast; its source also goes to the worker."""
    return nn.Sequential(
        *(nn.Conv2d(3, 8, 5, stride=2, padding=2), nn.BatchNorm2d(8), nn.ReLU()),
        *(nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.BatchNorm2d(16), nn.ReLU()),
        *(nn.Flatten(), nn.Dropout(0.25), nn.Linear(1024, 10)),
    )


@check(
    task="fit",
    points=5,
    visibility="hidden",
    title={
        "en": "fit teaches the network the bundled images: it recognises images not seen before",
        "zh": "fit 让网络学会附带的图像集：能认出没有见过的图像",
    },
    hint={
        "en": "fit trains the model that was passed in, on all batches, in each epoch.",
        "zh": "fit 要训练传进来的模型，每一轮都使用全部批次。",
    },
    needs=("fit_rows",),
)
def test_fit_learns(student, reference, define, device):
    _put_right_functions(student, reference, define)
    model = define(IMPORTS + inspect.getsource(small_net)).small_net().to(device)
    train, test, held_back = _learning_images()
    helpers = define(HELPERS)
    loaders = [
        helpers.loader(*train, LEARN_BATCH, shuffle=True),
        helpers.loader(*test, LEARN_TESTED),
    ]
    before = parameters(model)
    rows = student.fit(model, *loaders, LEARN_EPOCHS, device)
    losses = _column(rows, "loss") if isinstance(rows, list) else []
    assert_true(
        len(losses) > 1 and losses[-1] < losses[0],
        en="the loss does not fall from the first epoch to the last.",
        zh="损失从第一轮到最后一轮没有下降。",
    )
    accuracy = _accuracy_here(reference, model, *held_back)
    right, needed = (round(LEARN_HELD_BACK * share) for share in (accuracy, LEARN_ACCURACY))
    assert_true(
        accuracy >= LEARN_ACCURACY,
        en=f"the network recognises {right} of {LEARN_HELD_BACK} images; "
        f"at least {needed} were expected.",
        zh=f"网络认出了 {LEARN_HELD_BACK} 张图像中的 {right} 张，至少应认出 {needed} 张。",
        misconception="never-trained" if _equal(before, parameters(model)) else None,
    )


@functools.cache
def _learning_images():
    """Give images and labels to learn from, to be measured on, and to hold back; read once."""
    images, labels = load_images(train=True, name="shapes10")
    unseen, wanted = load_images(train=False, name="shapes10")
    train, test = slice(LEARN_IMAGES), slice(LEARN_TESTED)
    held_back = slice(LEARN_TESTED, LEARN_TESTED + LEARN_HELD_BACK)
    parts = ((images, labels, train), (unseen, wanted, test), (unseen, wanted, held_back))
    # Copies, so that the images that nobody needs do not stay in memory.
    return [(data[part].clone(), classes[part].clone()) for data, classes, part in parts]


def _equal(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


def _accuracy_here(reference, model, images, targets):
    """Evaluate what the student's model has learned, on images that its process never had."""
    net = small_net()
    net.load_state_dict({**parameters(model), **buffers(model)})
    loader = DataLoader(TensorDataset(images, targets), batch_size=100)
    return reference.evaluate(net, loader, "cpu")
