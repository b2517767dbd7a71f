"""Probes tell what torch holds, whatever the student's classes and what stands in torch say."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils import _python_dispatch

from grader.session import assert_close
from grader.worker import held, probes


class Net(nn.Module):
    """All that torch's own functions know of: shared, missing, nested and unnamed."""

    def __init__(self) -> None:
        super().__init__()
        shared, mean = nn.Linear(3, 3), torch.zeros(2)
        self.scale = nn.Parameter(torch.ones(1))
        self.none: nn.Module | None = None
        self.layers = nn.ModuleList([shared, nn.BatchNorm1d(3), nn.Sequential(shared, nn.ReLU())])
        self.by_name = nn.ModuleDict({"first": shared, "own": nn.Linear(3, 2, bias=False)})
        self.register_buffer("mean", mean, persistent=False)
        self.register_parameter("missing", None)
        self.layers[2].register_buffer("same", mean)


class Zeros(_python_dispatch.TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Has zeros for an answer to everything."""

    def __torch_dispatch__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> torch.Tensor:
        return torch.zeros_like(function(*args, **(kwargs or {})))


LIES: dict[str, object] = {
    "__len__": lambda _: 9,
    "__iter__": lambda _: iter([nn.Identity()] * 9),
    "__getitem__": lambda *_: nn.Identity(),
}
"""What a list of layers may say of itself."""


def test_parameters_and_buffers_are_those_that_torch_tells_in_its_order() -> None:
    net = Net()
    for found, expected in (
        (held.parameters(net), dict(net.named_parameters())),
        (held.buffers(net), dict(net.named_buffers())),
    ):
        assert list(found) == list(expected)
        assert all(found[name] is expected[name] for name in expected)


def test_members_are_not_asked_of_the_student_s_class() -> None:
    lies: dict[str, object] = dict.fromkeys(
        ("_named_members", "named_modules", "named_parameters"), lambda *_, **__: iter(())
    )
    lies |= dict.fromkeys(("__dict__", "_modules", "_parameters"), property(lambda _: {}))
    net = Net()
    net.__class__ = type("Lying", (Net,), lies)
    assert len(held.parameters(net)) == 6
    assert len(held.buffers(net)) == 4


def test_a_parameter_cannot_hide_behind_another_of_the_same_name() -> None:
    net = nn.Sequential(nn.Linear(2, 2))
    net._modules = {"0": net[0], "": nn.Sequential()}
    net._parameters["0.bias"] = nn.Parameter(torch.zeros(1))
    with pytest.raises(ValueError, match=r"two of them are called '0\.bias'"):
        held.parameters(net)


def test_a_parameter_of_a_class_of_the_student_s_is_given_as_a_tensor() -> None:
    class Small(nn.Parameter):
        def numel(self) -> int:
            return 0

    net = nn.Module()
    net.weight = Small(torch.ones(3))
    found = held.parameters(net)["weight"]
    assert type(found) is torch.Tensor
    assert found.numel() == 3
    net._parameters["other"] = 5  # type: ignore[assignment]
    with pytest.raises(TypeError, match="'other' is no tensor"):
        held.parameters(net)


def test_what_is_no_module_is_said_to_be_none() -> None:
    with pytest.raises(TypeError, match=r"'object' object is not an nn\.Module"):
        held.parameters(object())  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [nn.Sequential, nn.ModuleList])
def test_layers_of_a_list_of_torch_s_are_those_that_it_holds(kind: Any) -> None:
    layers = [nn.ReLU(), nn.Tanh(), nn.Identity()]
    lying = kind(*layers) if kind is nn.Sequential else kind(layers)
    lying.__class__ = type("Lying", (kind,), LIES)
    assert probes.length(lying) == 3
    assert probes.items(lying) == (layers, False)
    assert probes.items(lying, limit=2) == (layers[:2], True)
    assert probes.item(lying, -1) is layers[2]
    part = probes.item(lying, slice(1, None))
    assert type(part) is kind
    assert list(part) == layers[1:]
    with pytest.raises(IndexError):
        probes.item(lying, 3)


def test_other_objects_say_themselves_what_they_hold() -> None:
    class Numbers:
        def __len__(self) -> int:
            return 4

        def __getitem__(self, index: int) -> int:
            return 2 * index

    assert probes.length(Numbers()) == 4
    assert probes.item(Numbers(), 3) == 6
    assert probes.item({"a": 1}, "a") == 1
    assert probes.items([1, 2, 3], limit=2) == ([1, 2], True)


def test_a_layer_is_noticed_and_named_whatever_its_class_says() -> None:
    class Claims(type):
        def __eq__(cls, _: object) -> bool:
            return True

        def __hash__(cls) -> int:
            return hash(nn.Conv2d)

    class Conv2d(nn.Identity, metaclass=Claims):
        def register_forward_hook(self, *_: Any, **__: Any) -> Any:
            return contextlib.nullcontext()

    found = probes.layer_shapes(nn.Sequential(Conv2d()), torch.zeros(2))
    assert found == [("0", "submission.Conv2d", (2,))]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (torch.optim.AdamW([torch.zeros(1)]), "torch.optim.AdamW"),
        (torch.optim.AdamW([torch.zeros(1)]), "torch.optim.Optimizer"),
        (
            torch.optim.lr_scheduler.StepLR(torch.optim.SGD([torch.zeros(1)]), 1),
            "torch.optim.lr_scheduler.StepLR",
        ),
        (torch.utils.data.TensorDataset(), "torch.utils.data.TensorDataset"),
    ],
)
def test_classes_are_those_of_torch_before_a_submission_came(
    monkeypatch: pytest.MonkeyPatch, value: object, name: str
) -> None:
    module, _, last = name.rpartition(".")
    assert probes.is_instance(value, name)
    monkeypatch.setattr(f"{module}.{last}", type(last, (), {}))
    assert probes.is_instance(value, name)


def test_each_class_is_known_by_one_name() -> None:
    """A handle tells its classes by identity: a second name would take the place of the first."""
    assert len({id(known) for known in probes.CLASSES.values()}) == len(probes.CLASSES)


def test_gradients_are_those_of_the_weighting() -> None:
    x, scale = torch.rand(2, 3), torch.rand(3)
    output, grads = probes.gradients(lambda a, b, count, *, c: a * b * count, x, scale, 2, c=x)
    weights = torch.arange(6).double().cos().float().reshape(2, 3)
    assert isinstance(output, torch.Tensor)
    assert torch.equal(output, 2 * x * scale)
    assert grads is not None
    assert_close(grads, [2 * scale * weights, (2 * x * weights).sum(0), None])


def test_gradients_without_an_input_to_differentiate_by_are_none_at_all() -> None:
    weight = torch.ones(1, requires_grad=True)
    output, grads = probes.gradients(lambda count: weight * count, 3)
    assert isinstance(output, torch.Tensor)
    assert grads == []
    assert weight.grad is None


def test_modes_cannot_be_kept_on_by_replacing_what_switches_them_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mode: Any = Zeros()  # type: ignore[no-untyped-call]

    def change(x: torch.Tensor) -> None:
        x.mul_(2)
        mode.__enter__()

    monkeypatch.setattr(_python_dispatch, "_len_torch_dispatch_stack", lambda: 0)
    try:
        _, changed = probes.call_watching_inputs(change, torch.ones(2))
    finally:
        mode.__exit__(None, None, None)
    assert changed == ["0"]
